package dev.graft.kernel.tensor;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.FrozenMatrix;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.tensor.AttentionRules;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** A transformer of frozen weights with trainable matrices of low rank in each block: what fine-tuning looks like. */
final class SmallNetwork implements AutoCloseable {
    private static final int WIDTH = 8;
    private static final int VOCABULARY = 11;

    private final GraftTensors tensors;
    private final int blocks;
    private final boolean checkpointing;
    private final List<Array> owned = new ArrayList<>();
    private final Array embedding;
    private final Array norm;
    private final FrozenMatrix projection;
    private final FrozenMatrix vocabulary;
    private final List<Tensor> leaves = new ArrayList<>();

    /**
     * A network.
     *
     * @param trainedFrom first block with trainable matrices
     */
    SmallNetwork(GraftTensors tensors, int blocks, int trainedFrom, boolean checkpointing) {
        this.tensors = tensors;
        this.blocks = blocks;
        this.checkpointing = checkpointing;
        embedding = random(1, VOCABULARY, WIDTH);
        norm = random(2, WIDTH);
        projection = frozen(random(3, WIDTH, WIDTH));
        vocabulary = frozen(random(4, VOCABULARY, WIDTH));
        for (int block = trainedFrom; block < blocks; block++) {
            leaves.add(tensors.leaf(random(10 + block, 2, WIDTH)));
            leaves.add(tensors.leaf(random(20 + block, WIDTH, 2)));
        }
    }

    List<Tensor> leaves() {
        return leaves;
    }

    /** The mean loss on a few fixed ids. */
    Tensor loss(RandomStream random) {
        Tensor ids = tensors.of(new long[] {1, 5, 3, 2, 10, 0}, Shape.of(2, 3));
        Tensor h = tensors.constant(embedding).embedding(ids);
        for (int block = 0; block < blocks; block++) {
            int index = block;
            if (checkpointing) {
                h = tensors.checkpointed(h, x -> block(index, x, random), random);
            } else {
                try (Scope scope = tensors.scope()) {
                    h = scope.keep(block(index, h, random));
                }
            }
        }
        Tensor labels = tensors.of(new long[] {5, 3, -100, 10, 0, -100}, Shape.of(6));
        return tensors.linearCrossEntropy(h.reshape(6, WIDTH), vocabulary, null, labels)
                .sum()
                .div(4);
    }

    private Tensor block(int index, Tensor h, RandomStream random) {
        Tensor x = h.rmsNorm(tensors.constant(norm), 1e-6);
        Tensor query = heads(adapted(index, x, random));
        Tensor key = heads(tensors.frozenLinear(x, projection, null));
        Tensor attended = query.attention(key, key, new AttentionRules(0.5, true, null, null));
        Tensor joined = attended.permute(0, 2, 1, 3).reshape(2, 3, WIDTH);
        Tensor after = h.add(tensors.frozenLinear(joined, projection, null));
        return after.add(after.gatedSilu(after.mul(0.5)));
    }

    private Tensor adapted(int index, Tensor x, RandomStream random) {
        Tensor frozen = tensors.frozenLinear(x, projection, null);
        int at = leaves.size() - 2 * (blocks - index);
        if (at < 0) {
            return frozen;
        }
        Tensor low = x.dropout(0.25, random).linear(leaves.get(at), null);
        return frozen.addScaled(low.linear(leaves.get(at + 1), null), 0.5);
    }

    private static Tensor heads(Tensor x) {
        return x.reshape(2, 3, 2, WIDTH / 2).permute(0, 2, 1, 3);
    }

    private Array random(long seed, long... sizes) {
        Array array = tensors.engine().normal(Shape.of(sizes), DType.FLOAT64, seed);
        owned.add(array);
        return array;
    }

    private FrozenMatrix frozen(Array weight) {
        return tensors.engine().freeze(weight, false);
    }

    /** Elements of an array as doubles. */
    static double[] values(Engine engine, Array array) {
        double[] values = new double[Math.toIntExact(array.shape().elements())];
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        engine.read(array, 0, bytes);
        bytes.asDoubleBuffer().get(values);
        return values;
    }

    @Override
    public void close() {
        projection.close();
        vocabulary.close();
        owned.forEach(Array::close);
    }
}
