package dev.graft.kernel.safetensors;

import dev.graft.spi.config.ConfigurationException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file, checked against the size of the file: tensors follow one another without overlap or
 * gap, each takes the bytes its shape and element type need, and the last one ends where the file ends. Reading it
 * touches no tensor.
 *
 * @param file the file
 * @param metadata the free texts under {@code __metadata__}; empty where there are none
 * @param tensors the tensors in the order of their bytes
 * @param dataStart first byte of the data, counted from the start of the file
 */
public record SafetensorsHeader(Path file, Map<String, String> metadata, List<TensorInfo> tensors, long dataStart) {
    /** Longest header allowed, in bytes; the reference implementation's limit. */
    static final long LONGEST = 100_000_000;

    private static final int LENGTH_FIELD = 8;

    /** Copies the collections. */
    public SafetensorsHeader {
        metadata = Map.copyOf(metadata);
        tensors = List.copyOf(tensors);
    }

    /**
     * Reads the header of a file.
     *
     * @throws ConfigurationException if the file cannot be read or is not a valid safetensors file, naming file and
     *     tensor, what was found and what is allowed
     */
    public static SafetensorsHeader read(Path file) {
        try (FileChannel channel = open(file)) {
            return read(file, channel);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** Number of bytes of all tensors together. */
    public long dataBytes() {
        return tensors.isEmpty() ? 0 : tensors.get(tensors.size() - 1).end();
    }

    static FileChannel open(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new ConfigurationException("the safetensors file " + file + " does not exist");
        }
        if (!Files.isRegularFile(file)) {
            throw new ConfigurationException(file + " is not a file, but a safetensors file is needed");
        }
        return FileChannel.open(file, StandardOpenOption.READ);
    }

    static ConfigurationException unreadable(Path file, IOException cause) {
        return new ConfigurationException("the safetensors file " + file + " cannot be read: " + cause, cause);
    }

    static SafetensorsHeader read(Path file, FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < LENGTH_FIELD) {
            throw new ConfigurationException(file + " has " + size
                    + " bytes, but a safetensors file starts with 8 bytes that hold the length of its header");
        }
        long length = fill(file, channel, 0, ByteBuffer.allocate(LENGTH_FIELD)).getLong();
        if (length < 0 || length > LONGEST) {
            throw new ConfigurationException(file + " announces a header of " + Long.toUnsignedString(length)
                    + " bytes, but at most " + LONGEST + " are allowed: it is damaged or no safetensors file");
        }
        if (length > size - LENGTH_FIELD) {
            throw new ConfigurationException(file + " announces a header of " + length + " bytes, but only "
                    + (size - LENGTH_FIELD) + " bytes follow: it is truncated or no safetensors file");
        }
        byte[] json = fill(file, channel, LENGTH_FIELD, ByteBuffer.allocate((int) length))
                .array();
        long dataStart = LENGTH_FIELD + length;
        HeaderParser.Header header = new HeaderParser(file, json).parse();
        return new SafetensorsHeader(
                file, header.metadata(), Layout.check(file, header.tensors(), size - dataStart), dataStart);
    }

    private static ByteBuffer fill(Path file, FileChannel channel, long position, ByteBuffer target)
            throws IOException {
        while (target.hasRemaining()) {
            if (channel.read(target, position + target.position()) < 0) {
                throw new ConfigurationException(file + " became shorter while its header was read");
            }
        }
        return target.flip().order(ByteOrder.LITTLE_ENDIAN);
    }
}
