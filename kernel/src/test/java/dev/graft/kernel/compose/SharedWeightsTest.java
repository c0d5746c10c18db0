package dev.graft.kernel.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.host.HostEngine;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.Weight;
import dev.graft.spi.model.Weights;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.RandomStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedWeightsTest {
    private static final Initializer RANDOM = Initializer.normal(1);

    private final HostEngine engine = new HostEngine();
    private final GraftTensors tensors = new GraftTensors(engine);
    private final FrozenWeights weights = new FrozenWeights(
            tensors,
            WeightSource.nothing("nothing"),
            new FrozenWeights.Policy(DType.FLOAT32, true, 0.5, RandomStream.seeded(3)));

    @AfterEach
    void everythingGoesWithTheOwner() {
        weights.close();
        assertThat(engine.liveArrays()).isZero();
    }

    @Test
    void whatTheArchitectureNeedsIsThereOnce() {
        Weight body = weights.require("body.weight", Shape.of(4, 4));
        long bytes = engine.liveBytes();

        assertThat(weights.scope().require("body.weight", Shape.of(4, 4))).isSameAs(body);
        assertThat(engine.liveBytes()).isEqualTo(bytes);
    }

    @Test
    void headsOfOneNameAndDifferentShapesDoNotMeet() {
        Weight first = weights.requireOrCreate("score.weight", Shape.of(2, 4), RANDOM);
        Weights scope = weights.scope();
        Weight second = scope.requireOrCreate("score.weight", Shape.of(3, 4), RANDOM);
        Weight third = weights.scope().requireOrCreate("score.weight", Shape.of(5, 4), RANDOM);

        assertThat(first.shape()).isEqualTo(Shape.of(2, 4));
        assertThat(second.shape()).isEqualTo(Shape.of(3, 4));
        assertThat(third.shape()).isEqualTo(Shape.of(5, 4));
        assertThat(second.name()).isEqualTo("score.weight");
        assertThat(second.fresh()).isTrue();
        assertThat(scope.requireOrCreate("score.weight", Shape.of(3, 4), RANDOM))
                .isSameAs(second);
        assertThat(weights.elements()).isEqualTo((2 + 3 + 5) * 4);
    }

    @Test
    void aHeadBeginsAsItWouldAlone() {
        Weight alone = weights.requireOrCreate("score.weight", Shape.of(2, 4), RANDOM);
        Weight beside = weights.scope().requireOrCreate("score.weight", Shape.of(2, 4), RANDOM);

        assertThat(beside).isNotSameAs(alone);
        assertThat(beside.tensor().floats()).containsExactly(alone.tensor().floats());
    }
}
