package dev.graft.tokenizers.huggingface;

/**
 * Turns an index in code points, as the native library counts, into one in UTF-16 units, as Java counts.
 *
 * @param units index of the first unit of every code point, and the length; null where every code point is one unit
 */
record Utf16Offsets(int[] units) {
    static Utf16Offsets of(String text) {
        int points = text.codePointCount(0, text.length());
        if (points == text.length()) {
            return new Utf16Offsets(null);
        }
        int[] units = new int[points + 1];
        int at = 0;
        for (int i = 0; i < points; i++) {
            units[i] = at;
            at += Character.charCount(text.codePointAt(at));
        }
        units[points] = at;
        return new Utf16Offsets(units);
    }

    int unit(int point) {
        return units == null ? point : units[Math.min(point, units.length - 1)];
    }
}
