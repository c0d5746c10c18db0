package dev.graft.benchmarks;

import dev.graft.spi.engine.DType;
import java.util.Locale;

/** Names of element types as Python programs write them. */
final class DTypeName {
    private DTypeName() {}

    static String of(DType dtype) {
        return dtype.name().toLowerCase(Locale.ROOT);
    }
}
