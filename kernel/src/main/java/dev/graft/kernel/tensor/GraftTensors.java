package dev.graft.kernel.tensor;

import dev.graft.kernel.tensor.ThreadFrame.Recording;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.FrozenMatrix;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

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
        Held seed = Held.owned(engine.full(scalar.shape(), scalar.dtype(), 1));
        Map<Node, Held> byNode = frames().with(Recording.OFF, () -> new BackwardPass(engine, 0).run(root, seed));
        try {
            for (Tensor leaf : leaves) {
                Held gradient = byNode.get(((ArrayTensor) leaf).node());
                if (gradient != null && gradients.get(leaf) == null) {
                    gradients.put(leaf, gradient.isOwn() ? gradient.retain().array() : engine.copy(gradient.array()));
                }
            }
            return gradients;
        } catch (RuntimeException e) {
            gradients.close();
            throw e;
        } finally {
            byNode.values().forEach(Held::release);
        }
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
        return result(ready().full(shape, dtype, value));
    }

    @Override
    public Tensor of(float[] values, Shape shape) {
        return result(ready().of(values, shape));
    }

    @Override
    public Tensor of(double[] values, Shape shape) {
        return result(ready().of(values, shape));
    }

    @Override
    public Tensor of(long[] values, Shape shape) {
        return result(ready().of(values, shape));
    }

    @Override
    public Tensor range(long start, long end) {
        return result(ready().range(start, end, DType.INT64));
    }

    @Override
    public Tensor normal(Shape shape, DType dtype, double mean, double deviation, RandomStream random) {
        return moved(result(ready().normal(shape, dtype, random.next())), deviation, mean);
    }

    @Override
    public Tensor uniform(Shape shape, DType dtype, double low, double high, RandomStream random) {
        return moved(result(ready().uniform(shape, dtype, random.next())), high - low, low);
    }

    private Tensor moved(ArrayTensor drawn, double factor, double offset) {
        engine.scaleInPlace(drawn.array(), factor);
        return offset == 0 ? drawn : drawn.add(offset);
    }

    @Override
    public Tensor concat(List<Tensor> parts, int axis) {
        return ShapeOperations.concat(this, parts, axis);
    }

    @Override
    public List<Tensor> svd(Tensor matrix) {
        return Stream.of(ready().svd(((ArrayTensor) matrix).array()))
                .<Tensor>map(this::result)
                .toList();
    }

    @Override
    public <T> T withoutGradient(Supplier<T> computation) {
        return frames().with(Recording.OFF, computation);
    }

    ThreadFrame frames() {
        return frames.get();
    }

    /** The engine, once it is sure that a scope is open to take the result. */
    Engine ready() {
        frames().innermost();
        return engine;
    }

    long nextNumber() {
        return numbers.incrementAndGet();
    }

    /** Whether a result of these operands requires a gradient; operands may be null. */
    boolean requires(List<ArrayTensor> operands) {
        return frames().recording() != Recording.OFF
                && operands.stream().anyMatch(operand -> operand != null && operand.node() != null);
    }

    /** Whether an operation on these operands keeps what its backward function reads. */
    boolean records(List<ArrayTensor> operands) {
        return frames().recording() == Recording.FULL && requires(operands);
    }

    /** The result of an operation without a gradient. */
    ArrayTensor result(Array array) {
        return join(Held.owned(array), null);
    }

    /** The result of an operation whose backward function reads nothing but the gradient. */
    ArrayTensor result(Array array, List<ArrayTensor> operands, Backward backward) {
        return result(Held.owned(array), operands, List.of(), backward);
    }

    /**
     * The result of an operation, recorded if an operand requires a gradient.
     *
     * @param result taken over
     * @param saved what the backward function reads
     */
    ArrayTensor result(Held result, List<ArrayTensor> operands, List<Held> saved, Backward backward) {
        Node node = null;
        try {
            if (records(operands)) {
                Node[] nodes = operands.stream()
                        .map(operand -> operand == null ? null : operand.node())
                        .toArray(Node[]::new);
                node = Node.operation(nextNumber(), nodes, saved, backward);
            } else if (requires(operands)) {
                node = Node.traced(nextNumber());
            }
            return join(result, node);
        } catch (RuntimeException e) {
            result.release();
            throw e;
        }
    }

    /** A tensor of the innermost scope. */
    ArrayTensor join(Held held, Node node) {
        ArrayScope scope = frames().innermost();
        ArrayTensor tensor = new ArrayTensor(this, held, node, scope);
        scope.add(tensor);
        return tensor;
    }
}
