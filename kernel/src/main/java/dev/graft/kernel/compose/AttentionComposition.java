package dev.graft.kernel.compose;

import dev.graft.kernel.tensor.ArrayTensor;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.AttentionPatch;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.model.AttentionSite;
import dev.graft.spi.tensor.AttentionRules;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An attention site with slots of attachments in front of the keys and earlier tokens out of the cache. */
final class AttentionComposition {
    private final GraftTensors tensors;
    private final RowGroups groups;
    private final PatchContext context;
    private final RowContexts contexts;
    private final KeyValueCache cache;
    private final AttentionMasks masks;

    AttentionComposition(
            GraftTensors tensors,
            RowGroups groups,
            PatchContext context,
            RowContexts contexts,
            KeyValueCache cache,
            Scope home) {
        this.tensors = tensors;
        this.groups = groups;
        this.context = context;
        this.contexts = contexts;
        this.cache = cache;
        this.masks = new AttentionMasks(tensors, home);
    }

    Tensor apply(AttentionSite site, TokenLayout layout, Tensor query, Tensor key, Tensor value, Tensor siteBias) {
        Tensor bias = siteBias;
        boolean first = cache == null || cache.isEmpty();
        LeadingSlots leading = first ? leadingSlots(site, layout.batch()) : cache.leading(site.name());
        Tensor keys = key;
        Tensor values = value;
        if (first && leading.length() > 0) {
            keys = tensors.concat(List.of(leadingVectors(site, leading, key, true), key), 2);
            values = tensors.concat(List.of(leadingVectors(site, leading, value, false), value), 2);
        }
        boolean[][] slots = layout.valid();
        if (cache != null) {
            Array[] all = cache.append(site.name(), array(keys), array(values), leading);
            keys = tensors.wrap(all[0]);
            values = tensors.wrap(all[1]);
            slots = cache.slotsWith(layout);
        }
        AttentionMasks.Sight sight = masks.sight(site, layout, slots, leading);
        if (bias != null && leading.length() > 0) {
            Shape none = bias.shape().with(-1, leading.length());
            bias = tensors.concat(List.of(tensors.zeros(none, bias.dtype()), bias), -1);
        }
        AttentionRules rules = new AttentionRules(site.scale(), sight.causal(), sight.mask(), bias);
        return context.training() && site.dropout() > 0
                ? DroppingAttention.apply(context, query, keys, values, rules, site.dropout())
                : query.attention(keys, values, rules);
    }

    /** How many positions the leading slots of each row take up before its first token. */
    static long[] positionsTaken(RowAssignment assignment, int batch) {
        long[] taken = new long[batch];
        for (int row = 0; row < batch; row++) {
            long most = 0;
            for (AttachedAdapter adapter : assignment.adapters(row)) {
                most += adapter.patches().attention().values().stream()
                        .filter(AttentionPatch::takesPositions)
                        .mapToInt(AttentionPatch::length)
                        .max()
                        .orElse(0);
            }
            taken[row] = most;
        }
        return taken;
    }

    private LeadingSlots leadingSlots(AttentionSite site, int batch) {
        int[] byRow = new int[batch];
        for (RowAssignment.Group group : groups.all()) {
            int length = patches(site, group.adapters()).stream()
                    .mapToInt(AttentionPatch::length)
                    .sum();
            if (groups.uniform()) {
                Arrays.fill(byRow, length);
            } else {
                for (int row : group.rows()) {
                    byRow[row] = length;
                }
            }
        }
        return new LeadingSlots(byRow);
    }

    private Tensor leadingVectors(AttentionSite site, LeadingSlots slots, Tensor like, boolean keys) {
        int batch = Math.toIntExact(like.size(0));
        return groups.build(group -> {
            int rows = groups.uniform() ? batch : group.rows().length;
            List<Tensor> parts = new ArrayList<>();
            PatchContext own = contexts.of(group.adapters());
            int missing = slots.length();
            for (AttentionPatch patch : patches(site, group.adapters())) {
                missing -= patch.length();
                parts.add((keys ? patch.keys(own) : patch.values(own)).cast(like.dtype()));
            }
            if (missing > 0) {
                parts.add(0, tensors.zeros(Shape.of(site.keyHeads(), missing, site.headSize()), like.dtype()));
            }
            Tensor joined = parts.size() == 1 ? parts.get(0) : tensors.concat(parts, 1);
            return joined.reshape(1, site.keyHeads(), slots.length(), site.headSize())
                    .expand(Shape.of(rows, site.keyHeads(), slots.length(), site.headSize()));
        });
    }

    private static List<AttentionPatch> patches(AttentionSite site, List<AttachedAdapter> adapters) {
        List<AttentionPatch> patches = new ArrayList<>();
        for (AttachedAdapter adapter : adapters) {
            AttentionPatch patch = adapter.patches().attention().get(site.name());
            if (patch != null) {
                patches.add(patch);
            }
        }
        return patches;
    }

    private static Array array(Tensor tensor) {
        return ((ArrayTensor) tensor).array();
    }
}
