package dev.graft.kernel.tensor;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.FrozenMatrix;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Differentiable tensors over one engine. Scopes and recording are per thread; constants and leaves may be used by
 * several threads at once.
 */
public final class GraftTensors implements Tensors {
    private final Engine engine;
    private final AtomicLong numbers = new AtomicLong();
    private final ThreadLocal<ThreadFrame> frames = ThreadLocal.withInitial(ThreadFrame::new);

    /** Tensors over an engine, which stays the caller's. */
    public GraftTensors(Engine engine) {
        this.engine = engine;
    }

    /** The engine underneath. */
    public Engine engine() {
        return engine;
    }

    @Override
    public Scope scope() {
        return frames.get().open();
    }

    /** The innermost scope open on this thread. */
    public Scope currentScope() {
        return frames.get().innermost();
    }

    /** Moves a tensor of the current thread to a scope that encloses its own. */
    public Tensor moveTo(Scope scope, Tensor tensor) {
        ((ArrayTensor) tensor).moveTo((ArrayScope) scope);
        return tensor;
    }

    /** A tensor of the current scope that takes an array over. */
    public ArrayTensor wrap(Array array) {
        return result(array);
    }

    /** A tensor outside all scopes over an array that stays the caller's; requires no gradient. */
    public ArrayTensor constant(Array array) {
        return new ArrayTensor(this, Held.borrowed(array), null, null);
    }

    /** A tensor outside all scopes over an array that stays the caller's; requires a gradient. */
    public ArrayTensor leaf(Array array) {
        return new ArrayTensor(this, Held.borrowed(array), Node.leaf(numbers.incrementAndGet()), null);
    }

    /**
     * Gradients of a scalar with respect to leaves. What the recording saved is freed on the way.
     *
     * @throws IllegalArgumentException if the tensor is not of one element
     */
    public Gradients backward(Tensor scalar, List<? extends Tensor> leaves) {
        if (scalar.shape().elements() != 1) {
            throw new IllegalArgumentException("gradients are taken of one number, not of shape " + scalar.shape());
        }
        Gradients gradients = new Gradients();
        Node root = ((ArrayTensor) scalar).node();
        if (root == null) {
            return gradients;
        }
        BackwardPass pass = new BackwardPass(engine, 0);
        pass.start(root, Held.owned(engine.full(scalar.shape(), scalar.dtype(), 1)));
        Map<Node, Held> byNode = frames().withoutRecording(pass::run);
        for (Tensor leaf : leaves) {
            Held gradient = byNode.remove(((ArrayTensor) leaf).node());
            if (gradient != null) {
                gradients.put(leaf, gradient.array());
            }
        }
        byNode.values().forEach(Held::release);
        return gradients;
    }

    /**
     * {@code x W^T + bias} with a frozen weight, for which nothing of {@code x} is kept.
     *
     * @param bias {@code [out]}, may require a gradient; or null
     */
    public Tensor frozenLinear(Tensor x, FrozenMatrix weight, Tensor bias) {
        return MatrixOperations.frozenLinear(this, (ArrayTensor) x, weight, (ArrayTensor) bias);
    }

    /** Cross-entropy over a frozen projection without holding all logits; {@code x [n, width]} to {@code [n]}. */
    public Tensor linearCrossEntropy(Tensor x, FrozenMatrix weight, Tensor bias, Tensor labels) {
        return CompositeOperations.linearCrossEntropy(
                this, (ArrayTensor) x, weight, (ArrayTensor) bias, (ArrayTensor) labels);
    }

    /**
     * Runs a function and keeps only its argument: the backward pass runs it again, with the same random numbers
     * (Chen et al. 2016, sublinear memory).
     *
     * @param random what the function draws from
     */
    public Tensor checkpointed(Tensor x, UnaryOperator<Tensor> function, RandomStream random) {
        return Recomputation.run(this, (ArrayTensor) x, function, random);
    }

    @Override
    public Tensor full(Shape shape, DType dtype, double value) {
        return result(engine.full(shape, dtype, value));
    }

    @Override
    public Tensor of(float[] values, Shape shape) {
        return result(engine.of(values, shape));
    }

    @Override
    public Tensor of(double[] values, Shape shape) {
        return result(engine.of(values, shape));
    }

    @Override
    public Tensor of(long[] values, Shape shape) {
        return result(engine.of(values, shape));
    }

    @Override
    public Tensor range(long start, long end) {
        return result(engine.range(start, end, DType.INT64));
    }

    @Override
    public Tensor normal(Shape shape, DType dtype, double mean, double deviation, RandomStream random) {
        Array array = engine.normal(shape, dtype, random.next());
        engine.scaleInPlace(array, deviation);
        Tensor drawn = result(array);
        return mean == 0 ? drawn : drawn.add(mean);
    }

    @Override
    public Tensor uniform(Shape shape, DType dtype, double low, double high, RandomStream random) {
        Array array = engine.uniform(shape, dtype, random.next());
        engine.scaleInPlace(array, high - low);
        Tensor drawn = result(array);
        return low == 0 ? drawn : drawn.add(low);
    }

    @Override
    public Tensor concat(List<Tensor> parts, int axis) {
        return ShapeOperations.concat(this, parts, axis);
    }

    @Override
    public List<Tensor> svd(Tensor matrix) {
        List<Tensor> parts = new ArrayList<>();
        for (Array part : engine.svd(((ArrayTensor) matrix).array())) {
            parts.add(result(part));
        }
        return parts;
    }

    @Override
    public <T> T withoutGradient(Supplier<T> computation) {
        return frames().withoutRecording(computation);
    }

    ThreadFrame frames() {
        return frames.get();
    }

    ArrayTensor result(Array array) {
        ArrayScope scope = innermostOrFree(array);
        ArrayTensor tensor = new ArrayTensor(this, Held.owned(array), null, scope);
        scope.add(tensor);
        return tensor;
    }

    /**
     * The result of an operation, recorded if an operand requires a gradient.
     *
     * @param saved what the backward function reads
     */
    ArrayTensor result(Array array, List<ArrayTensor> operands, List<Held> saved, Node.Backward backward) {
        if (!recorded(operands)) {
            return result(array);
        }
        return record(Held.owned(array), operands, saved, backward);
    }

    /** As {@link #result(Array, List, List, Node.Backward)} where the backward function reads the result itself. */
    ArrayTensor record(Held held, List<ArrayTensor> operands, List<Held> saved, Node.Backward backward) {
        ArrayScope scope = innermostOrFree(held.array());
        Node node = null;
        if (recorded(operands)) {
            Node[] nodes = operands.stream()
                    .map(operand -> operand == null ? null : operand.node())
                    .toArray(Node[]::new);
            node = new Node(numbers.incrementAndGet(), nodes, saved, backward);
            scope.remember(node);
        }
        ArrayTensor tensor = new ArrayTensor(this, held, node, scope);
        scope.add(tensor);
        return tensor;
    }

    /** A result shared with a holder elsewhere, recorded as a stretch to compute again. */
    ArrayTensor recordRecomputed(Held held, List<Held> saved, Node.Recompute recompute) {
        ArrayScope scope = frames().innermost();
        Node node = Node.recomputed(nextNumber(), saved, recompute);
        scope.remember(node);
        ArrayTensor tensor = new ArrayTensor(this, held, node, scope);
        scope.add(tensor);
        return tensor;
    }

    long nextNumber() {
        return numbers.incrementAndGet();
    }

    boolean recorded(List<ArrayTensor> operands) {
        if (!frames().records()) {
            return false;
        }
        for (ArrayTensor operand : operands) {
            if (operand != null && operand.node() != null) {
                return true;
            }
        }
        return false;
    }

    private ArrayScope innermostOrFree(Array array) {
        try {
            return frames().innermost();
        } catch (IllegalStateException e) {
            array.close();
            throw e;
        }
    }
}
