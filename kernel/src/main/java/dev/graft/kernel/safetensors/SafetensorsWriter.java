package dev.graft.kernel.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.graft.kernel.storage.AtomicFile;
import dev.graft.spi.config.ConfigurationException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes safetensors files, whole or not at all. Tensors are asked for their elements one after another while they are
 * written, so that a model larger than memory can be written. The same tensors give the same bytes: wide elements come
 * first, then names decide, and the data starts at a multiple of 8 bytes, so that every element is aligned.
 */
public final class SafetensorsWriter {
    /** The metadata that transformers and PEFT ask for. */
    private static final Map<String, String> FORMAT = Map.of("format", "pt");

    private static final int ALIGNMENT = 8;

    /** Most bytes given to the system at once, which copies heap memory before it writes. */
    private static final int STEP = 8 << 20;

    private static final Comparator<Map.Entry<String, TensorData>> ORDER = Comparator.comparingInt(
                    (Map.Entry<String, TensorData> entry) ->
                            -entry.getValue().dtype().bytes())
            .thenComparing(Map.Entry::getKey);

    private SafetensorsWriter() {}

    /** Writes tensors with the metadata the ecosystem expects; see {@link #write(Path, Map, Map)}. */
    public static void write(Path file, Map<String, TensorData> tensors) {
        write(file, tensors, FORMAT);
    }

    /**
     * Writes tensors.
     *
     * @param metadata free texts for {@code __metadata__}
     * @throws ConfigurationException if the file cannot be written, saying why
     * @throws IllegalStateException if a tensor gives fewer or more bytes than its shape and element type need
     */
    public static void write(Path file, Map<String, TensorData> tensors, Map<String, String> metadata) {
        List<Map.Entry<String, TensorData>> ordered =
                tensors.entrySet().stream().sorted(ORDER).toList();
        byte[] header = header(ordered, metadata);
        if (header.length > SafetensorsHeader.LONGEST) {
            throw new ConfigurationException("cannot write " + file + ": its header would take " + header.length
                    + " bytes, but at most " + SafetensorsHeader.LONGEST + " are allowed");
        }
        long size = (long) Long.BYTES + header.length;
        for (Map.Entry<String, TensorData> entry : ordered) {
            size = Math.addExact(size, entry.getValue().bytes());
        }
        AtomicFile.write(file, size, channel -> {
            write(
                    channel,
                    ByteBuffer.allocate(Long.BYTES)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(header.length)
                            .flip());
            write(channel, ByteBuffer.wrap(header));
            for (Map.Entry<String, TensorData> entry : ordered) {
                write(channel, entry.getKey(), entry.getValue());
            }
        });
    }

    private static void write(FileChannel channel, String name, TensorData tensor) throws IOException {
        long start = channel.position();
        try {
            tensor.elements().forEachPiece(piece -> {
                try {
                    write(channel, piece);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        long written = channel.position() - start;
        if (written != tensor.bytes()) {
            throw new IllegalStateException(
                    "tensor " + name + " gave " + written + " bytes, but its shape takes " + tensor.bytes());
        }
    }

    private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        int end = bytes.limit();
        while (bytes.position() < end) {
            bytes.limit(Math.min(end, bytes.position() + STEP));
            channel.write(bytes);
            bytes.limit(end);
        }
    }

    private static byte[] header(List<Map.Entry<String, TensorData>> tensors, Map<String, String> metadata) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart("__metadata__");
                for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) {
                    json.writeStringField(entry.getKey(), entry.getValue());
                }
                json.writeEndObject();
            }
            long at = 0;
            for (Map.Entry<String, TensorData> entry : tensors) {
                at = entry(json, entry.getKey(), entry.getValue(), at);
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        bytes.writeBytes(" ".repeat(Math.floorMod(-bytes.size(), ALIGNMENT)).getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }

    private static long entry(JsonGenerator json, String name, TensorData tensor, long at) throws IOException {
        if (name.equals("__metadata__")) {
            throw new IllegalArgumentException("a tensor cannot be named __metadata__");
        }
        long end = Math.addExact(at, tensor.bytes());
        long[] shape = tensor.shape().toArray();
        json.writeObjectFieldStart(name);
        json.writeStringField("dtype", tensor.dtype().safetensorsName());
        json.writeFieldName("shape");
        json.writeArray(shape, 0, shape.length);
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {at, end}, 0, 2);
        json.writeEndObject();
        return end;
    }
}
