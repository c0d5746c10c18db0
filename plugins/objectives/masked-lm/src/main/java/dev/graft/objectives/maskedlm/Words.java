package dev.graft.objectives.maskedlm;

import dev.graft.spi.tokenizer.Tokenizer.Encoding;

/**
 * Which tokens make up a word: what is neither parted by white space nor by a change between letters or digits and anything
 * else. Told from the text, so that it holds for every kind of vocabulary.
 */
final class Words {
    private Words() {}

    /** Number of the word of each token, rising; special tokens are words of their own. */
    static int[] of(String text, Encoding encoding) {
        int[] words = new int[encoding.ids().length];
        int word = 0;
        for (int i = 1; i < words.length; i++) {
            word += continues(text, encoding, i) ? 0 : 1;
            words[i] = word;
        }
        return words;
    }

    private static boolean continues(String text, Encoding encoding, int token) {
        int before = encoding.ends()[token - 1];
        int start = encoding.starts()[token];
        boolean special = encoding.starts()[token - 1] == before || start == encoding.ends()[token];
        if (special || start > before) {
            return false;
        }
        return start < before || (letter(text.codePointBefore(start)) && letter(text.codePointAt(start)));
    }

    private static boolean letter(int character) {
        int type = Character.getType(character);
        return Character.isLetterOrDigit(character)
                || type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK;
    }
}
