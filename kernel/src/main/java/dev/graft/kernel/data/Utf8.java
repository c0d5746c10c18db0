package dev.graft.kernel.data;

import dev.graft.spi.config.ConfigurationException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Strict decoding of UTF-8. */
final class Utf8 {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private Utf8() {}

    /** The text, without a byte order mark; an error that names the line where the bytes are no UTF-8. */
    static String decode(Path file, byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer source = ByteBuffer.wrap(bytes);
        CharBuffer target = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = decoder.decode(source, target, true);
        if (result.isError()) {
            throw new ConfigurationException(file + ":" + line(bytes, source.position())
                    + ": byte 0x" + String.format("%02X", bytes[source.position()])
                    + " is not UTF-8; data files must be UTF-8 text");
        }
        String text = target.flip().toString();
        return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    }

    private static int line(byte[] bytes, int position) {
        int line = 1;
        for (int i = 0; i < position; i++) {
            line += bytes[i] == '\n' ? 1 : 0;
        }
        return line;
    }
}
