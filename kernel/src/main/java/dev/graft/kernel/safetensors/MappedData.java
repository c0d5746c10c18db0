package dev.graft.kernel.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The data of a file in memory-mapped windows. Java maps at most 2 GiB at once, so a window holds as many whole tensors
 * as fit, and a tensor that does not fit has windows of its own.
 */
final class MappedData {
    private final NavigableMap<Long, ByteBuffer> windows = new TreeMap<>();

    private MappedData() {}

    /**
     * Maps all tensors.
     *
     * @param tensors in the order of their bytes, without gaps
     * @param largest most bytes in one window
     */
    static MappedData map(FileChannel channel, long dataStart, List<TensorInfo> tensors, int largest)
            throws IOException {
        MappedData data = new MappedData();
        long start = 0;
        long end = 0;
        for (TensorInfo tensor : tensors) {
            if (tensor.end() - start > largest) {
                data.add(channel, dataStart, start, end, largest);
                start = tensor.offset();
            }
            end = tensor.end();
        }
        data.add(channel, dataStart, start, end, largest);
        return data;
    }

    private void add(FileChannel channel, long dataStart, long start, long end, int largest) throws IOException {
        for (long at = start; at < end; at += largest) {
            windows.put(at, channel.map(MapMode.READ_ONLY, dataStart + at, Math.min(largest, end - at)));
        }
    }

    /** Read-only little-endian views that make up the bytes of a tensor, in order; one empty view if it has none. */
    List<ByteBuffer> views(TensorInfo tensor) {
        List<ByteBuffer> views = new ArrayList<>();
        for (long at = tensor.offset(); at < tensor.end(); ) {
            Map.Entry<Long, ByteBuffer> window = windows.floorEntry(at);
            int from = (int) (at - window.getKey());
            int length = (int) Math.min(tensor.end() - at, window.getValue().capacity() - from);
            views.add(window.getValue().slice(from, length).order(ByteOrder.LITTLE_ENDIAN));
            at += length;
        }
        return views.isEmpty()
                ? List.of(ByteBuffer.allocateDirect(0).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN))
                : views;
    }
}
