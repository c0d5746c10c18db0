package dev.graft.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.standalone.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** Damages files, and holds what a command says about them to one sentence. */
final class Damage {
    private Damage() {}

    /** Rewrites the header of a safetensors file; the data stay. */
    static void header(Path file, UnaryOperator<String> change) {
        byte[] bytes = read(file);
        int length = headerLength(bytes);
        String before = new String(bytes, 8, length, StandardCharsets.UTF_8);
        String after = change.apply(before);
        assertThat(after).as("the damaged header").isNotEqualTo(before);
        byte[] header = after.getBytes(StandardCharsets.UTF_8);
        write(
                file,
                ByteBuffer.allocate(bytes.length - length + header.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(header.length)
                        .put(header)
                        .put(bytes, 8 + length, bytes.length - 8 - length)
                        .array());
    }

    /** Replaces text in a file. */
    static void text(Path file, String pattern, String replacement) {
        String before = new String(read(file), StandardCharsets.UTF_8);
        String after = before.replaceFirst(pattern, replacement);
        assertThat(after).as("the damaged text").isNotEqualTo(before);
        write(file, after.getBytes(StandardCharsets.UTF_8));
    }

    /** Cuts bytes off the end. */
    static void cut(Path file, int bytes) {
        byte[] all = read(file);
        write(file, Arrays.copyOf(all, all.length - bytes));
    }

    /** Number of bytes of a safetensors header. */
    static int headerLength(byte[] file) {
        return (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    }

    static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The one sentence a command said. */
    static String sentence(Run run) {
        assertThat(run.err()).doesNotContain("Exception", "\tat ");
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.err().lines()).as("sentences").hasSize(1);
        assertThat(run.err()).startsWith("graft: ");
        assertThat(run.out()).isEmpty();
        return run.err().strip();
    }
}
