package dev.graft.standalone.chat;

import java.util.Optional;

/**
 * What a person typed: a message, or a command that begins with a slash.
 *
 * @param command the word after the slash; empty for a message
 * @param text the message, or what follows the command
 */
public record ChatLine(Optional<String> command, String text) {
    /** Reads a line. Two slashes in front make a message that begins with one. */
    public static ChatLine of(String line) {
        if (line.startsWith("//")) {
            return new ChatLine(Optional.empty(), line.substring(1));
        }
        if (!line.startsWith("/")) {
            return new ChatLine(Optional.empty(), line);
        }
        String[] parts = line.substring(1).split("\\s+", 2);
        return new ChatLine(Optional.of(parts[0]), parts.length == 1 ? "" : parts[1].strip());
    }
}
