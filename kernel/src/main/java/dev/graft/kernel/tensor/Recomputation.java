package dev.graft.kernel.tensor;

import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A function whose inner results are thrown away and computed again in the backward pass. Whatever went into it from
 * outside, parameters and earlier results, gets its gradient by its own node.
 */
final class Recomputation {
    private Recomputation() {}

    static Tensor run(GraftTensors tensors, ArrayTensor x, UnaryOperator<Tensor> function, RandomStream random) {
        ThreadFrame frame = tensors.frames();
        boolean records = frame.records();
        long drawnBefore = random.position();
        Held result = frame.withoutRecording(() -> {
            try (Scope scope = tensors.scope()) {
                return ((ArrayTensor) function.apply(x)).held().retain();
            }
        });
        if (!records) {
            return tensors.record(result, List.of(), List.of(), null);
        }
        return tensors.recordRecomputed(
                result,
                List.of(x.held()),
                gradient -> frame.recording(() -> again(tensors, x, function, random, drawnBefore, gradient)));
    }

    private static Map<Node, Held> again(
            GraftTensors tensors,
            ArrayTensor x,
            UnaryOperator<Tensor> function,
            RandomStream random,
            long drawnBefore,
            Held gradient) {
        long drawnNow = random.position();
        long boundary = tensors.nextNumber();
        try (Scope scope = tensors.scope()) {
            random.moveTo(drawnBefore);
            ArrayTensor start = x.node() == null ? x : tensors.leaf(x.array());
            ArrayTensor result = (ArrayTensor) function.apply(start);
            if (result.node() == null) {
                return Map.of();
            }
            BackwardPass pass = new BackwardPass(tensors.engine(), boundary);
            pass.start(result.node(), gradient.retain());
            Map<Node, Held> ends = new HashMap<>(tensors.frames().withoutRecording(pass::run));
            Held toStart = start.node() == null ? null : ends.remove(start.node());
            if (toStart != null && x.node() != null) {
                ends.put(x.node(), toStart);
            }
            return ends;
        } finally {
            random.moveTo(drawnNow);
        }
    }
}
