package dev.graft.kernel.compose;

import dev.graft.kernel.compose.RowAssignment.Group;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.EmbeddingPatch;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** An embedding site with the attachments of every row, and virtual tokens in front at the token table. */
final class EmbeddingComposition {
    private final GraftTensors tensors;
    private final RowGroups groups;
    private final ParameterValues values;
    private final RowContexts contexts;

    EmbeddingComposition(GraftTensors tensors, RowGroups groups, ParameterValues values, RowContexts contexts) {
        this.tensors = tensors;
        this.groups = groups;
        this.values = values;
        this.contexts = contexts;
    }

    /**
     * Looks ids up.
     *
     * @param virtual slots for virtual tokens in front; 0 at every site but the token table and in passes that
     *     continue from a cache
     */
    Tensor apply(EmbeddingSite site, Tensor ids, int virtual) {
        boolean touched = groups.any(adapters -> !patches(site, adapters).isEmpty() || replaces(site, adapters));
        Tensor vectors = touched
                ? groups.map(ids, (group, rows) -> lookUp(site, rows, group.adapters()))
                : scaled(site, site.weight().tensor().embedding(ids));
        if (virtual == 0) {
            return vectors;
        }
        int batch = Math.toIntExact(ids.size(0));
        Tensor front = groups.build(group -> virtualVectors(site, group, batch, virtual, vectors));
        return tensors.concat(List.of(front, vectors), 1);
    }

    /** Number of virtual tokens of each row. */
    static int[] virtualTokens(String site, RowAssignment assignment, int batch) {
        int[] count = new int[batch];
        for (int row = 0; row < batch; row++) {
            for (AttachedAdapter adapter : assignment.adapters(row)) {
                EmbeddingPatch patch = adapter.patches().embedding().get(site);
                count[row] += patch == null ? 0 : patch.virtualTokens();
            }
        }
        return count;
    }

    private Tensor lookUp(EmbeddingSite site, Tensor ids, List<AttachedAdapter> adapters) {
        Tensor table = values.value(site.name() + ".weight", site.weight(), adapters);
        Tensor vectors = scaled(site, table.embedding(ids));
        for (EmbeddingPatch patch : patches(site, adapters)) {
            vectors = patch.vectors(contexts.of(adapters), ids, vectors);
        }
        return vectors;
    }

    private Tensor virtualVectors(EmbeddingSite site, Group group, int batch, int slots, Tensor like) {
        int rows = groups.uniform() ? batch : group.rows().length;
        long width = like.size(-1);
        int missing = slots;
        List<Tensor> parts = new ArrayList<>();
        for (EmbeddingPatch patch : patches(site, group.adapters())) {
            if (patch.virtualTokens() > 0) {
                missing -= patch.virtualTokens();
                parts.add(patch.virtualVectors(contexts.of(group.adapters())).cast(like.dtype()));
            }
        }
        if (missing > 0) {
            parts.add(0, tensors.zeros(Shape.of(missing, width), like.dtype()));
        }
        Tensor joined = parts.size() == 1 ? parts.get(0) : tensors.concat(parts, 0);
        return joined.reshape(1, slots, width).expand(Shape.of(rows, slots, width));
    }

    private boolean replaces(EmbeddingSite site, List<AttachedAdapter> adapters) {
        return values.replaces(site.name() + ".weight", site.weight().name(), adapters);
    }

    private static Tensor scaled(EmbeddingSite site, Tensor vectors) {
        return site.scale() == 1 ? vectors : vectors.mul(site.scale());
    }

    private static List<EmbeddingPatch> patches(EmbeddingSite site, List<AttachedAdapter> adapters) {
        return adapters.stream()
                .map(adapter -> adapter.patches().embedding().get(site.name()))
                .filter(Objects::nonNull)
                .toList();
    }
}
