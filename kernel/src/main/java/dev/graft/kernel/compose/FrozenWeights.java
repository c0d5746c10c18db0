package dev.graft.kernel.compose;

import dev.graft.kernel.tensor.ArrayTensor;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.Weight;
import dev.graft.spi.model.Weights;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The weights of one loaded model. Owns their memory. */
public final class FrozenWeights implements Weights, AutoCloseable {
    /**
     * How weights are kept.
     *
     * @param dtype element type of floating-point weights; null = as stored
     * @param fromScratch whether every weight is drawn at random
     * @param deviation standard deviation of random matrices
     * @param random seed of what is drawn at random; each name draws from a stream of its own
     */
    public record Policy(DType dtype, boolean fromScratch, double deviation, RandomStream random) {}

    private final GraftTensors tensors;
    private final WeightSource source;
    private final Policy policy;
    private final Map<String, FrozenWeight> weights = new LinkedHashMap<>();
    private int scopes;

    /** Weights from a source, which is closed with them. */
    public FrozenWeights(GraftTensors tensors, WeightSource source, Policy policy) {
        this.tensors = tensors;
        this.source = source;
        this.policy = policy;
    }

    @Override
    public boolean contains(String name) {
        return source.contains(name);
    }

    @Override
    public Weight require(String name, Shape shape) {
        FrozenWeight known = weights.get(name);
        if (known != null) {
            return checked(known.name(), known.shape(), shape, known);
        }
        if (policy.fromScratch()) {
            return create(name, name, shape, scratch(name, shape));
        }
        if (!source.contains(name)) {
            throw new ConfigurationException(
                    source.describe() + " holds no tensor '" + name + "', which this architecture needs");
        }
        checked(name, source.shape(name), shape, null);
        return keep(name, name, converted(floating(name, source.load(tensors.engine(), name))), false);
    }

    @Override
    public Weight requireOrCreate(String name, Shape shape, Initializer initializer) {
        return weights.containsKey(name) || source.contains(name)
                ? require(name, shape)
                : create(name, name, shape, initializer);
    }

    @Override
    public Weight alias(String name, Weight target) {
        return new Renamed(name, frozen(target));
    }

    /**
     * The same weights for another model that shares them. What the checkpoint lacks and that model begins at random, such as
     * the head of its task, is its own, so that models with heads of one name and different shapes do not meet; it has the
     * values that it would have alone.
     */
    public Weights scope() {
        return new Scoped("scope " + scopes++ + ": ");
    }

    /** Weights of which those that begin at random are kept under names of their own. */
    private final class Scoped implements Weights {
        private final String scope;

        Scoped(String scope) {
            this.scope = scope;
        }

        @Override
        public boolean contains(String name) {
            return FrozenWeights.this.contains(name);
        }

        @Override
        public Weight require(String name, Shape shape) {
            FrozenWeight own = weights.get(scope + name);
            return own == null ? FrozenWeights.this.require(name, shape) : checked(name, own.shape(), shape, own);
        }

        @Override
        public Weight requireOrCreate(String name, Shape shape, Initializer initializer) {
            return contains(name) || weights.containsKey(scope + name)
                    ? require(name, shape)
                    : create(scope + name, name, shape, initializer);
        }

        @Override
        public Weight alias(String name, Weight target) {
            return FrozenWeights.this.alias(name, target);
        }
    }

    /** Every weight in the order of asking. */
    public List<Weight> all() {
        return List.copyOf(weights.values());
    }

    /** Number of elements of all weights. */
    public long elements() {
        return weights.values().stream()
                .mapToLong(weight -> weight.shape().elements())
                .sum();
    }

    /** What stands behind a weight that this model was given. */
    static FrozenWeight frozen(Weight weight) {
        if (weight instanceof Renamed renamed) {
            return renamed.target();
        }
        return (FrozenWeight) weight;
    }

    private record Renamed(String name, FrozenWeight target) implements Weight {
        @Override
        public Shape shape() {
            return target.shape();
        }

        @Override
        public DType dtype() {
            return target.dtype();
        }

        @Override
        public boolean fresh() {
            return target.fresh();
        }

        @Override
        public Tensor tensor() {
            return target.tensor();
        }
    }

    @Override
    public void close() {
        weights.values().forEach(FrozenWeight::close);
        weights.clear();
        source.close();
    }

    private Weight create(String key, String name, Shape shape, Initializer initializer) {
        try (Scope scope = tensors.scope()) {
            DType dtype = policy.dtype() == null ? DType.FLOAT32 : policy.dtype();
            Tensor value =
                    initializer.create(tensors, shape, dtype, policy.random().fork(name));
            return keep(key, name, tensors.engine().copy(((ArrayTensor) value).array()), true);
        }
    }

    private FrozenWeight keep(String key, String name, Array array, boolean fresh) {
        FrozenWeight weight = new FrozenWeight(tensors, name, array, fresh);
        weights.put(key, weight);
        return weight;
    }

    private Array floating(String name, Array stored) {
        if (!stored.dtype().isFloating()) {
            stored.close();
            throw new ConfigurationException(source.describe() + ": tensor '" + name + "' holds elements of type "
                    + stored.dtype().safetensorsName() + " where a weight must hold floating-point numbers");
        }
        return stored;
    }

    private Array converted(Array stored) {
        if (policy.dtype() == null || stored.dtype() == policy.dtype()) {
            return stored;
        }
        try (stored) {
            return tensors.engine().cast(stored, policy.dtype());
        }
    }

    private Initializer scratch(String name, Shape shape) {
        if (shape.rank() > 1) {
            return Initializer.normal(policy.deviation());
        }
        return Initializer.constant(name.endsWith("bias") ? 0 : 1);
    }

    private Weight checked(String name, Shape found, Shape expected, Weight weight) {
        if (!found.equals(expected)) {
            throw new ConfigurationException(source.describe() + ": tensor '" + name + "' has shape " + found
                    + " where config.json asks for " + expected);
        }
        return weight;
    }
}
