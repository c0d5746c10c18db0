package dev.graft.kernel.safetensors;

import dev.graft.spi.config.ConfigurationException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An open safetensors file. Its tensors are views of mapped memory: opening reads the header alone, and elements come
 * from disk when they are first touched.
 *
 * <p><b>Who keeps the mapping.</b> A mapping lives as long as this object is open or any buffer taken from it is
 * reachable; it cannot vanish under a Java reader. Native code that was given such a buffer, as
 * {@link dev.graft.spi.engine.Creation#wrap} does, is not seen by the garbage collector: whoever wraps keeps this file
 * open until the last array over it is closed. After {@link #close()} no further buffer is handed out, and the memory is
 * unmapped once the buffers already handed out are unreachable. A file that other programs shorten while it is mapped
 * cannot be read safely; Graft replaces files, it never rewrites them in place.
 */
public final class SafetensorsFile implements AutoCloseable {
    /** Most bytes in one mapped window: a multiple of every element size, as close to Java's limit as that allows. */
    private static final int WINDOW = Integer.MAX_VALUE & -4096;

    private final SafetensorsHeader header;
    private final Map<String, TensorInfo> byName = new LinkedHashMap<>();
    private volatile MappedData data;

    private SafetensorsFile(SafetensorsHeader header, MappedData data) {
        this.header = header;
        this.data = data;
        header.tensors().forEach(tensor -> byName.put(tensor.name(), tensor));
    }

    /**
     * Opens a file after checking its header.
     *
     * @throws ConfigurationException if the file cannot be read or is not a valid safetensors file, naming file and
     *     tensor, what was found and what is allowed
     */
    public static SafetensorsFile open(Path file) {
        return open(file, WINDOW);
    }

    static SafetensorsFile open(Path file, int window) {
        try (FileChannel channel = SafetensorsHeader.open(file)) {
            SafetensorsHeader header = SafetensorsHeader.read(file, channel);
            return new SafetensorsFile(header, MappedData.map(channel, header.dataStart(), header.tensors(), window));
        } catch (IOException e) {
            throw SafetensorsHeader.unreadable(file, e);
        }
    }

    /** The file's path. */
    public Path path() {
        return header.file();
    }

    /** The free texts under {@code __metadata__}; empty where there are none. */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    /** All tensors in the order of their bytes. */
    public List<TensorInfo> tensors() {
        return header.tensors();
    }

    /** What the header says about a tensor, if there is one of this name. */
    public Optional<TensorInfo> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /**
     * A tensor, as views of the mapping.
     *
     * @throws ConfigurationException if there is no tensor of this name
     */
    public TensorData tensor(String name) {
        TensorInfo info = find(name)
                .orElseThrow(() -> new ConfigurationException(
                        path() + " has no tensor " + Layout.shown(name) + " among its " + byName.size()));
        return new TensorData(info.dtype(), info.shape(), new Mapped(info));
    }

    /** All tensors by name, in the order of their bytes, as views of the mapping. */
    public Map<String, TensorData> contents() {
        Map<String, TensorData> contents = new LinkedHashMap<>();
        byName.keySet().forEach(name -> contents.put(name, tensor(name)));
        return contents;
    }

    /** Lets go of the mapping. Closing twice has no further effect; any other use of its tensors afterwards throws. */
    @Override
    public void close() {
        data = null;
    }

    private List<ByteBuffer> views(TensorInfo info) {
        MappedData mapped = data;
        if (mapped == null) {
            throw new IllegalStateException("tensor " + info.name() + " is read after " + path() + " was closed");
        }
        return mapped.views(info);
    }

    private final class Mapped implements TensorData.Elements {
        private final TensorInfo info;

        Mapped(TensorInfo info) {
            this.info = info;
        }

        @Override
        public void forEachPiece(Consumer<ByteBuffer> consumer) {
            views(info).forEach(consumer);
        }

        @Override
        public Optional<ByteBuffer> memory() {
            List<ByteBuffer> views = views(info);
            return views.size() == 1 ? Optional.of(views.get(0)) : Optional.empty();
        }
    }
}
