package dev.graft.kernel.plugin;

import dev.graft.spi.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The jars that may be used, by checksum. It is a file as {@code sha256sum} writes it: a checksum at the beginning of
 * each line, of which the rest is for people.
 *
 * @param file where it stands
 * @param checksums in lower-case hexadecimal digits
 */
public record AllowList(Path file, Set<String> checksums) {
    /** The name of the file that, where it lies in a folder of plugins, restricts that folder. */
    public static final String FILE = "allowed.sha256";

    private static final String CHECKSUM = "[0-9a-f]{64}";

    /** Copies the set. */
    public AllowList {
        checksums = Set.copyOf(checksums);
    }

    /**
     * The list of a folder; empty where it has none.
     *
     * @throws ConfigurationException if a line has no checksum
     */
    public static Optional<AllowList> of(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        Set<String> checksums = new HashSet<>();
        int number = 0;
        try {
            for (String line : Files.readAllLines(file)) {
                number++;
                String text = line.strip();
                if (text.isEmpty() || text.startsWith("#")) {
                    continue;
                }
                String checksum = text.split("\\s", 2)[0].toLowerCase(Locale.ROOT);
                if (!checksum.matches(CHECKSUM)) {
                    throw new ConfigurationException(file + ":" + number + ": '" + text.split("\\s", 2)[0]
                            + "' is no SHA-256 checksum; expected 64 hexadecimal digits at the beginning of each line");
                }
                checksums.add(checksum);
            }
            return Optional.of(new AllowList(file, checksums));
        } catch (IOException e) {
            throw new ConfigurationException("the list of allowed plugins " + file + " cannot be read: " + e, e);
        }
    }

    /** Why a checksum does not make a jar allowed, in a clause; empty if it does. */
    Optional<String> refusal(String checksum) {
        return checksums.contains(checksum)
                ? Optional.empty()
                : Optional.of("its SHA-256 " + checksum + " is not in " + file);
    }
}
