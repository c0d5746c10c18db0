package dev.graft.kernel.safetensors;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Checks that the tensors a header announces fill the data of its file exactly. */
final class Layout {
    private Layout() {}

    /** A tensor as the header puts it, before anything is checked. */
    record Announced(String name, String dtype, long[] shape, long begin, long end) {}

    /**
     * The tensors in the order of their bytes.
     *
     * @param available number of data bytes the file has
     */
    static List<TensorInfo> check(Path file, List<Announced> announced, long available) {
        List<TensorInfo> tensors = new ArrayList<>(announced.size());
        for (Announced tensor : announced) {
            tensors.add(check(file, tensor, available));
        }
        tensors.sort(Comparator.comparingLong(TensorInfo::offset).thenComparingLong(TensorInfo::bytes));
        long end = 0;
        String before = null;
        for (TensorInfo tensor : tensors) {
            if (tensor.offset() < end) {
                throw at(
                        file,
                        tensor.name(),
                        "starts at data byte " + tensor.offset() + " inside tensor " + shown(before)
                                + ", which ends at byte " + end + ", but tensors must not overlap");
            }
            if (tensor.offset() > end) {
                throw at(
                        file,
                        tensor.name(),
                        "starts at data byte " + tensor.offset() + ", but must start at byte " + end
                                + ": no gap is allowed in front of it");
            }
            end = tensor.end();
            before = tensor.name();
        }
        if (end != available) {
            throw new ConfigurationException(file + " has " + (available - end)
                    + " bytes after its last tensor, but must end where that tensor ends");
        }
        return tensors;
    }

    private static TensorInfo check(Path file, Announced tensor, long available) {
        DType dtype = dtype(tensor.dtype())
                .orElseThrow(() -> at(
                        file,
                        tensor.name(),
                        "has element type " + shown(tensor.dtype()) + ", but allowed are "
                                + Arrays.stream(DType.values())
                                        .map(DType::safetensorsName)
                                        .collect(Collectors.joining(", "))));
        long bytes = bytes(file, tensor, dtype);
        if (tensor.begin() < 0 || tensor.end() < tensor.begin()) {
            throw at(
                    file,
                    tensor.name(),
                    "has data_offsets " + offsets(tensor)
                            + ", but the first must be at least 0 and at most the second");
        }
        if (tensor.end() > available) {
            throw at(
                    file,
                    tensor.name(),
                    "has data_offsets " + offsets(tensor) + ", but the file has only " + available
                            + " bytes of data: it is truncated or damaged");
        }
        if (tensor.end() - tensor.begin() != bytes) {
            throw at(
                    file,
                    tensor.name(),
                    "has data_offsets " + offsets(tensor) + ", which is " + (tensor.end() - tensor.begin())
                            + " bytes, but " + dtype.safetensorsName() + " elements of shape "
                            + Arrays.toString(tensor.shape()) + " take " + bytes);
        }
        return new TensorInfo(tensor.name(), dtype, Shape.of(tensor.shape()), tensor.begin(), bytes);
    }

    private static Optional<DType> dtype(String name) {
        return Arrays.stream(DType.values())
                .filter(dtype -> dtype.safetensorsName().equals(name))
                .findFirst();
    }

    private static long bytes(Path file, Announced tensor, DType dtype) {
        long bytes = dtype.bytes();
        boolean empty = Arrays.stream(tensor.shape()).anyMatch(size -> size == 0);
        for (long size : tensor.shape()) {
            if (size < 0) {
                throw at(
                        file,
                        tensor.name(),
                        "has shape " + Arrays.toString(tensor.shape()) + ", but no extent may be negative");
            }
            if (!empty) {
                try {
                    bytes = Math.multiplyExact(bytes, size);
                } catch (ArithmeticException e) {
                    throw at(
                            file,
                            tensor.name(),
                            "has shape " + Arrays.toString(tensor.shape()) + " of " + dtype.safetensorsName()
                                    + ", which is more than 2^63 bytes");
                }
            }
        }
        return empty ? 0 : bytes;
    }

    private static String offsets(Announced tensor) {
        return "[" + tensor.begin() + ", " + tensor.end() + "]";
    }

    static ConfigurationException at(Path file, String tensor, String what) {
        return new ConfigurationException("in " + file + " tensor " + shown(tensor) + " " + what);
    }

    /** A name from a file that nobody has checked, fit for a message: quoted, without control characters, not long. */
    static String shown(String name) {
        StringBuilder shown = new StringBuilder("'");
        name.codePoints().limit(120).forEach(c -> {
            if (Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE) {
                shown.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.append(name.codePointCount(0, name.length()) > 120 ? "...'" : "'")
                .toString();
    }
}
