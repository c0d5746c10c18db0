package dev.graft.kernel.safetensors;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes files that look like safetensors, right or wrong. */
final class RawFile {
    private RawFile() {}

    static Path write(Path folder, String header, int dataBytes) {
        byte[] data = new byte[dataBytes];
        for (int i = 0; i < dataBytes; i++) {
            data[i] = (byte) (i + 1);
        }
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return write(folder, bytes(json.length, json, data));
    }

    static byte[] bytes(long announcedLength, byte[] json, byte[] data) {
        return ByteBuffer.allocate(8 + json.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(announcedLength)
                .put(json)
                .put(data)
                .array();
    }

    static Path write(Path folder, byte[] bytes) {
        try {
            return Files.write(folder.resolve("some.safetensors"), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
