package dev.graft.kernel.config;

import java.math.BigInteger;
import java.util.regex.Pattern;

/**
 * What an unquoted word of YAML stands for, by the core schema of YAML 1.2 (section 10.3.2): {@code 1e-4} is a number,
 * {@code no} is text.
 */
final class ScalarText {
    private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]+");
    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    private static final Pattern HEXADECIMAL = Pattern.compile("0x[0-9a-fA-F]+");

    private ScalarText() {}

    /** Null, a truth value, a {@code Long}, a {@code BigInteger} beyond it, a {@code Double}, or the text itself. */
    static Object value(String text) {
        switch (text) {
            case "", "~", "null", "Null", "NULL" -> {
                return null;
            }
            case "true", "True", "TRUE" -> {
                return true;
            }
            case "false", "False", "FALSE" -> {
                return false;
            }
            case ".inf", "+.inf", ".Inf", "+.Inf" -> {
                return Double.POSITIVE_INFINITY;
            }
            case "-.inf", "-.Inf" -> {
                return Double.NEGATIVE_INFINITY;
            }
            case ".nan", ".NaN" -> {
                return Double.NaN;
            }
            default -> {
                return number(text);
            }
        }
    }

    private static Object number(String text) {
        if (INTEGER.matcher(text).matches()) {
            return whole(new BigInteger(text.startsWith("+") ? text.substring(1) : text));
        }
        if (HEXADECIMAL.matcher(text).matches()) {
            return whole(new BigInteger(text.substring(2), 16));
        }
        return NUMBER.matcher(text).matches() ? (Object) Double.valueOf(text) : text;
    }

    private static Object whole(BigInteger value) {
        return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
    }
}
