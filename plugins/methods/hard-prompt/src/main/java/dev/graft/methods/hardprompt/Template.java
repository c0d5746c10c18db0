package dev.graft.methods.hardprompt;

import dev.graft.methods.hardprompt.Part.Kind;
import dev.graft.spi.config.ConfigurationException;
import java.util.ArrayList;
import java.util.List;

/**
 * The pattern that makes a cloze question of an example (Schick and Schuetze 2021, section 3): text with places in braces.
 *
 * <pre>
 * template = { text | place }
 * place    = "{" ( "mask" | "soft" [ ":" initial text ] | "demonstrations" | "reasoning" | column ) "}"
 * </pre>
 *
 * A brace that is meant as text is doubled.
 *
 * @param text what it was read from
 * @param parts its parts in order
 */
record Template(String text, List<Part> parts) {
    /** Copies the list. */
    Template {
        parts = List.copyOf(parts);
    }

    /**
     * Reads a template.
     *
     * @param key the key it was set by, for messages
     * @throws ConfigurationException if braces do not match or a place has no name
     */
    static Template parse(String key, String text) {
        List<Part> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        for (int at = 0; at < text.length(); at++) {
            char sign = text.charAt(at);
            boolean brace = sign == '{' || sign == '}';
            if (brace && at + 1 < text.length() && text.charAt(at + 1) == sign) {
                literal.append(sign);
                at++;
            } else if (sign == '{') {
                int end = text.indexOf('}', at);
                if (end < 0) {
                    throw unmatched(key, text, at);
                }
                addLiteral(parts, literal);
                parts.add(place(key, text.substring(at + 1, end)));
                at = end;
            } else if (sign == '}') {
                throw unmatched(key, text, at);
            } else {
                literal.append(sign);
            }
        }
        addLiteral(parts, literal);
        return new Template(text, parts);
    }

    private static void addLiteral(List<Part> parts, StringBuilder literal) {
        if (!literal.isEmpty()) {
            parts.add(new Part(Kind.LITERAL, literal.toString()));
            literal.setLength(0);
        }
    }

    private static ConfigurationException unmatched(String key, String text, int at) {
        return new ConfigurationException(key + " '" + text + "' has a brace without its other half at character "
                + (at + 1) + "; a brace that is meant as text is doubled");
    }

    private static Part place(String key, String inside) {
        int colon = inside.indexOf(':');
        String name = colon < 0 ? inside : inside.substring(0, colon);
        if (name.isBlank() || name.contains("{") || (colon >= 0 && !name.equals("soft"))) {
            throw new ConfigurationException(
                    key + " holds the place '{" + inside
                            + "}', which must be {mask}, {soft}, {soft:initial text}, {demonstrations}, {reasoning} or a column");
        }
        if (colon >= 0 && colon == inside.length() - 1) {
            throw new ConfigurationException(
                    key + " holds {soft:} without a text to begin from; without one it is {soft}");
        }
        return switch (name) {
            case "mask" -> new Part(Kind.MASK, "");
            case "soft" -> new Part(Kind.SOFT, inside.substring(colon < 0 ? inside.length() : colon + 1));
            case "demonstrations" -> new Part(Kind.DEMONSTRATIONS, "");
            case "reasoning" -> new Part(Kind.REASONING, "");
            default -> new Part(Kind.COLUMN, name);
        };
    }

    /** The parts of a kind, in order. */
    List<Part> all(Kind kind) {
        return parts.stream().filter(part -> part.kind() == kind).toList();
    }

    /** Index of the first part of a kind, or -1. */
    int first(Kind kind) {
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).kind() == kind) {
                return i;
            }
        }
        return -1;
    }

    /** This template without the parts of a kind. */
    Template without(Kind kind) {
        return new Template(
                text, parts.stream().filter(part -> part.kind() != kind).toList());
    }

    /** The blanks in front of the mask; null where the mask is the first part. */
    String beforeMask() {
        int mask = first(Kind.MASK);
        if (mask == 0) {
            return null;
        }
        Part before = parts.get(mask - 1);
        String literal = before.kind() == Kind.LITERAL ? before.text() : "";
        return literal.substring(literal.stripTrailing().length());
    }
}
