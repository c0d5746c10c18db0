package dev.graft.kernel.compose;

import dev.graft.spi.method.PatchContext;
import java.util.List;

/** The pass as the patches of rows with certain adapters see it. */
@FunctionalInterface
interface RowContexts {
    /** The view of rows with these adapters. */
    PatchContext of(List<AttachedAdapter> adapters);
}
