package dev.graft.tokenizers.huggingface.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Python's strings: sequences of code points, with Python's idea of white space. */
final class Texts {
    private static final int NEXT_LINE = 0x85;

    private Texts() {}

    static boolean isSpace(int codePoint) {
        return Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint) || codePoint == NEXT_LINE;
    }

    static List<Object> characters(String text) {
        List<Object> result = new ArrayList<>();
        text.codePoints().forEach(c -> result.add(Character.toString(c)));
        return result;
    }

    static int compare(String a, String b) {
        int[] first = a.codePoints().toArray();
        int[] second = b.codePoints().toArray();
        return java.util.Arrays.compare(first, second);
    }

    /** Removes white space, or the characters of {@code set}, from the chosen ends. */
    static String strip(String text, String set, boolean left, boolean right) {
        int start = 0;
        int end = text.length();
        while (left && start < end && strippable(text.codePointAt(start), set)) {
            start += Character.charCount(text.codePointAt(start));
        }
        while (right && end > start && strippable(text.codePointBefore(end), set)) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(start, end);
    }

    private static boolean strippable(int codePoint, String set) {
        return set == null ? isSpace(codePoint) : set.indexOf(codePoint) >= 0;
    }

    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = Character.charCount(text.codePointAt(0));
        return text.substring(0, first).toUpperCase(Locale.ROOT)
                + text.substring(first).toLowerCase(Locale.ROOT);
    }

    /** Upper case for every letter after something that is none. */
    static String title(String text) {
        StringBuilder result = new StringBuilder();
        boolean inWord = false;
        for (int c : text.codePoints().toArray()) {
            String letter = Character.toString(c);
            result.append(inWord ? letter.toLowerCase(Locale.ROOT) : letter.toUpperCase(Locale.ROOT));
            inWord = Character.isLetter(c);
        }
        return result.toString();
    }

    /** Splits at a separator, at most {@code limit} times from the left (-1 = everywhere). */
    static List<Object> split(String text, String separator, int limit) {
        if (separator == null) {
            return splitWords(text, limit);
        }
        if (separator.isEmpty()) {
            throw new TemplateException("empty separator");
        }
        List<Object> parts = new ArrayList<>();
        int start = 0;
        int at = text.indexOf(separator);
        while (at >= 0 && (limit < 0 || parts.size() < limit)) {
            parts.add(text.substring(start, at));
            start = at + separator.length();
            at = text.indexOf(separator, start);
        }
        parts.add(text.substring(start));
        return parts;
    }

    private static List<Object> splitWords(String text, int limit) {
        List<Object> parts = new ArrayList<>();
        String rest = strip(text, null, true, false);
        while (!rest.isEmpty()) {
            int end = 0;
            while (end < rest.length() && !isSpace(rest.codePointAt(end))) {
                end += Character.charCount(rest.codePointAt(end));
            }
            if (limit >= 0 && parts.size() == limit) {
                parts.add(strip(rest, null, false, true));
                return parts;
            }
            parts.add(rest.substring(0, end));
            rest = strip(rest.substring(end), null, true, false);
        }
        return parts;
    }

    /** Splits at a separator, at most {@code limit} times from the right (-1 = everywhere). */
    static List<Object> splitRight(String text, String separator, int limit) {
        if (separator == null) {
            String turned = reverse(text);
            List<Object> parts = new ArrayList<>();
            splitWords(turned, limit).forEach(part -> parts.add(0, reverse((String) part)));
            return parts;
        }
        List<Object> parts = new ArrayList<>();
        int end = text.length();
        int at = text.lastIndexOf(separator);
        while (at >= 0 && (limit < 0 || parts.size() < limit)) {
            parts.add(0, text.substring(at + separator.length(), end));
            end = at;
            at = text.substring(0, end).lastIndexOf(separator);
        }
        parts.add(0, text.substring(0, end));
        return parts;
    }

    static List<Object> lines(String text, boolean keepEnds) {
        List<Object> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ("\n\r\u000b\f\u001c\u001d\u001e\u0085\u2028\u2029".indexOf(c) < 0) {
                continue;
            }
            int end = c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n' ? i + 2 : i + 1;
            lines.add(text.substring(start, keepEnds ? end : i));
            start = end;
            i = end - 1;
        }
        if (start < text.length()) {
            lines.add(text.substring(start));
        }
        return lines;
    }

    static String reverse(String text) {
        return new StringBuilder(text).reverse().toString();
    }

    /** Replaces the first {@code count} occurrences (-1 = all). */
    static String replace(String text, String old, String by, int count) {
        if (count < 0) {
            return text.replace(old, by);
        }
        StringBuilder result = new StringBuilder();
        int start = 0;
        for (int i = 0; i < count; i++) {
            int at = text.indexOf(old, start);
            if (at < 0) {
                break;
            }
            result.append(text, start, at).append(by);
            start = at + old.length();
        }
        return result.append(text.substring(start)).toString();
    }

    static String pad(String text, int width, String fill, double left) {
        int missing = Math.max(0, width - text.codePointCount(0, text.length()));
        int before = (int) Math.floor(missing * left);
        return fill.repeat(before) + text + fill.repeat(missing - before);
    }
}
