package dev.graft.kernel.tensor;

import dev.graft.kernel.tensor.ThreadFrame.Recording;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A function whose inner results are thrown away and computed again in the backward pass. Whatever went into it from
 * outside, parameters and earlier results, gets its gradient by its own node; only such tensors may be used by it that
 * live until the backward pass.
 */
final class Recomputation {
    private final GraftTensors tensors;
    private final ArrayTensor x;
    private final UnaryOperator<Tensor> function;
    private final RandomStream random;
    private final long drawnBefore;

    private Recomputation(GraftTensors tensors, ArrayTensor x, UnaryOperator<Tensor> function, RandomStream random) {
        this.tensors = tensors;
        this.x = x;
        this.function = function;
        this.random = random;
        this.drawnBefore = random.position();
    }

    static Tensor run(GraftTensors tensors, ArrayTensor x, UnaryOperator<Tensor> function, RandomStream random) {
        ThreadFrame frame = tensors.frames();
        Recomputation recomputation = new Recomputation(tensors, x, function, random);
        try (Scope scope = tensors.scope()) {
            if (frame.recording() != Recording.FULL) {
                return scope.keep(function.apply(x));
            }
            ArrayTensor result = (ArrayTensor) frame.with(Recording.TRACE, () -> function.apply(x));
            boolean outside = result.scope() != scope;
            if (outside || result.node() == null) {
                return scope.keep(result);
            }
            return recomputation.recorded(result, (ArrayScope) scope);
        }
    }

    private Tensor recorded(ArrayTensor traced, ArrayScope scope) {
        Node[] operands = {x.node()};
        Node node = Node.operation(tensors.nextNumber(), operands, List.of(x.held()), this::backward);
        ArrayTensor result = tensors.join(traced.held().retain(), node);
        scope.keep(result);
        return result;
    }

    private void backward(OperandGradients gradients) {
        tensors.frames().with(Recording.FULL, () -> {
            Map<Node, Held> ends = again(gradients);
            for (Map.Entry<Node, Held> end : ends.entrySet()) {
                gradients.giveTo(end.getKey(), end.getValue());
            }
            return null;
        });
    }

    private Map<Node, Held> again(OperandGradients gradients) {
        long drawnNow = random.position();
        long boundary = tensors.nextNumber();
        try (Scope scope = tensors.scope()) {
            random.moveTo(drawnBefore);
            ArrayTensor start = x.node() == null ? x : tensors.leaf(x.array());
            ArrayTensor result = (ArrayTensor) function.apply(start);
            Node node = result.node();
            if (node == null) {
                throw new IllegalStateException(
                        "a checkpointed function gave a result without a gradient the second time");
            }
            BackwardPass pass = new BackwardPass(tensors.engine(), boundary);
            Held gradient = gradients.held().retain();
            Map<Node, Held> ends = tensors.frames().with(Recording.OFF, () -> pass.run(node, gradient));
            if (start != x && ends.containsKey(start.node())) {
                ends.put(x.node(), ends.remove(start.node()));
            }
            return ends;
        } finally {
            random.moveTo(drawnNow);
        }
    }
}
