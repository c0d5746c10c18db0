package dev.graft.kernel.tensor;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Reduction;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.engine.Unary;
import dev.graft.spi.tensor.AttentionRules;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A tensor over an engine's array. */
public final class ArrayTensor implements Tensor {
    private final GraftTensors tensors;
    private final Held held;
    private final Node node;
    private ArrayScope scope;

    ArrayTensor(GraftTensors tensors, Held held, Node node, ArrayScope scope) {
        this.tensors = tensors;
        this.held = held;
        this.node = node;
        this.scope = scope;
    }

    /** The array, which stays this tensor's. */
    public Array array() {
        return held.array();
    }

    Held held() {
        return held;
    }

    Node node() {
        return node;
    }

    ArrayScope scope() {
        return scope;
    }

    void moveTo(ArrayScope target) {
        if (scope != null && scope != target) {
            scope = target;
            target.add(this);
        }
    }

    /** Lets go of the memory and of the recording. */
    void release() {
        held.release();
        if (node != null) {
            node.release();
        }
    }

    @Override
    public Shape shape() {
        return held.array().shape();
    }

    @Override
    public DType dtype() {
        return held.array().dtype();
    }

    @Override
    public boolean requiresGradient() {
        return node != null;
    }

    @Override
    public Tensor detach() {
        if (node == null) {
            return this;
        }
        return tensors.join(held.retain(), null);
    }

    @Override
    public Tensor apply(Unary function) {
        return ElementOperations.unary(tensors, function, this);
    }

    @Override
    public Tensor apply(Binary function, Tensor other) {
        return BinaryOperations.apply(tensors, function, this, (ArrayTensor) other);
    }

    @Override
    public Tensor apply(Binary function, double other) {
        return ElementOperations.withNumber(tensors, function, this, other);
    }

    @Override
    public Tensor gatedSilu(Tensor up) {
        return BinaryOperations.gatedSilu(tensors, this, (ArrayTensor) up);
    }

    @Override
    public Tensor clamp(double low, double high) {
        return ElementOperations.clamp(tensors, this, low, high);
    }

    @Override
    public Tensor where(Tensor condition, Tensor other) {
        return BinaryOperations.where(tensors, (ArrayTensor) condition, this, (ArrayTensor) other);
    }

    @Override
    public Tensor cast(DType dtype) {
        return ElementOperations.cast(tensors, this, dtype);
    }

    @Override
    public Tensor addScaled(Tensor other, double factor) {
        return BinaryOperations.addScaled(tensors, this, (ArrayTensor) other, factor);
    }

    @Override
    public Tensor dropout(double probability, RandomStream random) {
        return ElementOperations.dropout(tensors, this, probability, random);
    }

    @Override
    public Tensor reduce(Reduction reduction, boolean keep, int... axes) {
        return FoldOperations.reduce(tensors, this, reduction, keep, axes);
    }

    @Override
    public Tensor argMax(int axis) {
        return tensors.result(tensors.ready().argMax(array(), shape().axis(axis)));
    }

    @Override
    public Tensor softmax(int axis) {
        return FoldOperations.softmax(tensors, this, shape().axis(axis));
    }

    @Override
    public Tensor logSoftmax(int axis) {
        return FoldOperations.logSoftmax(tensors, this, shape().axis(axis));
    }

    @Override
    public Tensor matmul(Tensor other, boolean transposeThis, boolean transposeOther) {
        return MatrixOperations.matmul(tensors, this, (ArrayTensor) other, transposeThis, transposeOther);
    }

    @Override
    public Tensor linear(Tensor weight, Tensor bias) {
        return MatrixOperations.linear(tensors, this, (ArrayTensor) weight, (ArrayTensor) bias);
    }

    @Override
    public Tensor reshape(long... sizes) {
        return ShapeOperations.reshape(tensors, this, sizes);
    }

    @Override
    public Tensor permute(int... order) {
        return ShapeOperations.permute(tensors, this, order);
    }

    @Override
    public Tensor transpose(int first, int second) {
        int[] order = new int[shape().rank()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        int a = shape().axis(first);
        int b = shape().axis(second);
        order[a] = b;
        order[b] = a;
        return permute(order);
    }

    @Override
    public Tensor slice(int axis, long from, long to) {
        return ShapeOperations.slice(tensors, this, shape().axis(axis), from, to);
    }

    @Override
    public Tensor expand(Shape shape) {
        return ShapeOperations.expand(tensors, this, shape);
    }

    @Override
    public Tensor select(int axis, Tensor index) {
        return ShapeOperations.select(tensors, this, shape().axis(axis), (ArrayTensor) index);
    }

    @Override
    public Tensor selectAdd(int axis, Tensor index, Tensor source) {
        return ShapeOperations.selectAdd(tensors, this, shape().axis(axis), (ArrayTensor) index, (ArrayTensor) source);
    }

    @Override
    public Tensor gather(int axis, Tensor index) {
        return ShapeOperations.gather(tensors, this, shape().axis(axis), (ArrayTensor) index);
    }

    @Override
    public Tensor embedding(Tensor ids) {
        return ShapeOperations.embedding(tensors, this, (ArrayTensor) ids);
    }

    @Override
    public Tensor layerNorm(Tensor weight, Tensor bias, double epsilon) {
        return NormOperations.layerNorm(tensors, this, (ArrayTensor) weight, (ArrayTensor) bias, epsilon);
    }

    @Override
    public Tensor rmsNorm(Tensor weight, double epsilon) {
        return NormOperations.rmsNorm(tensors, this, (ArrayTensor) weight, epsilon);
    }

    @Override
    public Tensor rotary(Tensor cos, Tensor sin) {
        return CompositeOperations.rotary(tensors, this, (ArrayTensor) cos, (ArrayTensor) sin);
    }

    @Override
    public Tensor attention(Tensor key, Tensor value, AttentionRules rules) {
        return AttentionOperation.apply(tensors, this, (ArrayTensor) key, (ArrayTensor) value, rules);
    }

    @Override
    public Tensor crossEntropy(Tensor labels) {
        return CompositeOperations.crossEntropy(tensors, this, (ArrayTensor) labels);
    }

    @Override
    public double item() {
        if (shape().elements() != 1) {
            throw new IllegalStateException("a tensor of shape " + shape() + " is not a single number");
        }
        ByteBuffer bytes = read(DType.FLOAT64);
        return bytes.getDouble(0);
    }

    @Override
    public float[] floats() {
        ByteBuffer bytes = read(DType.FLOAT32);
        float[] values = new float[Math.toIntExact(shape().elements())];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    @Override
    public long[] longs() {
        ByteBuffer bytes = read(DType.INT64);
        long[] values = new long[Math.toIntExact(shape().elements())];
        bytes.asLongBuffer().get(values);
        return values;
    }

    private ByteBuffer read(DType as) {
        int size = Math.toIntExact(shape().elements() * as.bytes());
        ByteBuffer bytes = ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN);
        if (dtype() == as) {
            tensors.engine().read(array(), 0, bytes);
        } else {
            try (Array converted = tensors.engine().cast(array(), as)) {
                tensors.engine().read(converted, 0, bytes);
            }
        }
        return bytes.rewind();
    }

    @Override
    public String toString() {
        return "tensor " + shape() + " of " + dtype();
    }
}
