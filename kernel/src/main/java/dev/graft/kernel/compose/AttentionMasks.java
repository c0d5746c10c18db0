package dev.graft.kernel.compose;

import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.AttentionSite;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;

/**
 * Decides which keys each query may see, once per pass and kind of site. Where plain causality or plain sight of
 * everything says it all there is no mask, so that the engine's fastest kernel runs.
 */
final class AttentionMasks {
    /**
     * What an engine is told.
     *
     * @param causal whether plain causality applies
     * @param mask truth values, or null
     */
    record Sight(boolean causal, Tensor mask) {}

    private record Key(AttentionSite.Kind kind, int window, LeadingSlots leading) {}

    private final GraftTensors tensors;
    private final Scope home;
    private final Map<Key, Sight> known = new HashMap<>();

    /**
     * Masks that live as long as a scope.
     *
     * @param home the scope in which the pass began
     */
    AttentionMasks(GraftTensors tensors, Scope home) {
        this.tensors = tensors;
        this.home = home;
    }

    /**
     * The sight of an attention site.
     *
     * @param queries layout of the new tokens
     * @param keys slots of all earlier and new tokens, without leading ones
     * @param leading slots in front of the keys
     */
    Sight sight(AttentionSite site, TokenLayout queries, boolean[][] keys, LeadingSlots leading) {
        return known.computeIfAbsent(
                new Key(site.kind(), site.window(), leading), key -> build(site, queries, keys, leading));
    }

    private Sight build(AttentionSite site, TokenLayout queries, boolean[][] keys, LeadingSlots leading) {
        boolean causal = site.kind() == AttentionSite.Kind.CAUSAL;
        int queryCount = queries.length();
        int keyCount = keys[0].length;
        boolean windowed = causal && site.window() > 0 && keyCount > site.window();
        boolean segmented = (queries.segments() != null || queries.branched()) && keyCount == queryCount;
        boolean hidden = hides(keys) && !(causal && keyCount == queryCount && queries.paddedRight());
        if (!windowed && !segmented && !hidden && !leading.uneven()) {
            return new Sight(causal && queryCount > 1, null);
        }
        int batch = hidden || segmented || leading.uneven() ? keys.length : 1;
        int rows = causal || segmented ? queryCount : 1;
        int total = leading.length() + keyCount;
        long[] mask = new long[Math.multiplyExact(Math.multiplyExact(batch, rows), total)];
        int flat = 0;
        for (int row = 0; row < batch; row++) {
            for (int query = 0; query < rows; query++) {
                for (int slot = 0; slot < leading.length(); slot++) {
                    mask[flat++] = leading.valid(row, slot) ? 1 : 0;
                }
                int last = causal ? keyCount - queryCount + query : keyCount - 1;
                int first = windowed && !queries.branched() ? last - site.window() + 1 : 0;
                for (int slot = 0; slot < keyCount; slot++) {
                    boolean seen = slot >= first && slot <= last && (!hidden || keys[row][slot]);
                    if (segmented) {
                        seen &= queries.together(row, slot, query);
                    }
                    if (windowed && queries.branched()) {
                        seen &= queries.position(row, query) - queries.position(row, slot) < site.window();
                    }
                    mask[flat++] = seen ? 1 : 0;
                }
            }
        }
        Tensor truth = tensors.of(mask, Shape.of(batch, 1, rows, total)).apply(Binary.NE, 0);
        return new Sight(false, tensors.moveTo(home, truth));
    }

    private static boolean hides(boolean[][] keys) {
        for (boolean[] row : keys) {
            for (boolean slot : row) {
                if (!slot) {
                    return true;
                }
            }
        }
        return false;
    }
}
