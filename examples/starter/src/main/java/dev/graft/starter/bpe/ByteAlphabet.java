package dev.graft.starter.bpe;

import java.nio.charset.StandardCharsets;

/**
 * The printable character that stands for each byte in a byte-level vocabulary (Radford et al. 2019): a visible Latin-1 character stands for
 * itself, and the other bytes, in order, take the characters from U+0100 on, so that the space becomes U+0120.
 */
final class ByteAlphabet {

    private static final char[] SYMBOLS = symbols();

    private ByteAlphabet() {}

    /** The symbol of one byte, 0 to 255. */
    static char symbol(int value) {
        return SYMBOLS[value];
    }

    /** The UTF-8 bytes of a text, each as a number from 0 to 255. */
    static int[] bytes(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int[] bytes = new int[utf8.length];
        for (int i = 0; i < utf8.length; i++) {
            bytes[i] = utf8[i] & 0xFF;
        }
        return bytes;
    }

    private static char[] symbols() {
        char[] symbols = new char[256];
        char next = 0x100;
        for (int value = 0; value < 256; value++) {
            boolean visible = (value >= '!' && value <= '~') || (value >= 0xA1 && value <= 0xAC) || value >= 0xAE;
            symbols[value] = visible ? (char) value : next++;
        }
        return symbols;
    }
}
