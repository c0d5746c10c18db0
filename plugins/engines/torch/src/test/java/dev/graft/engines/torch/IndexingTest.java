package dev.graft.engines.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Shape;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class IndexingTest {
    private final Engine engine = TorchEngine.start(new TorchOptions(1, TorchOptions.Blas.AUTO));
    private final Grid x = Grid.random(1, 2, 3, 4);

    @Property(tries = 30)
    void slicesOfAJoinAreItsParts(
            @ForAll @IntRange(min = 0, max = 2) int axis,
            @ForAll @IntRange(min = 0, max = 3) int first,
            @ForAll @IntRange(min = 0, max = 3) int second) {
        Grid a = Grid.random(first, Shape.of(2, 3, 4).with(axis, first).toArray());
        Grid b = Grid.random(second + 9, Shape.of(2, 3, 4).with(axis, second).toArray());
        try (Array left = a.to(engine);
                Array right = b.to(engine);
                Array joined = engine.concat(List.of(left, right), axis)) {
            Grid.take(engine, engine.slice(joined, axis, 0, first)).assertClose(a, 0);
            Grid.take(engine, engine.slice(joined, axis, first, first + second)).assertClose(b, 0);
        }
        assertThat(engine.liveArrays()).isZero();
    }

    @Test
    void reshapesAndPermutationsMoveElements() {
        try (Array a = x.to(engine);
                Array turned = engine.permute(a, 2, 0, 1);
                Array flat = engine.reshape(turned, Shape.of(8, 3))) {
            Grid expected = Grid.computed(Shape.of(4, 2, 3), p -> x.at(p[1], p[2], p[0]));
            Grid.from(engine, turned).assertClose(expected, 0);
            Grid.from(engine, flat).assertClose(expected.reshaped(8, 3), 0);
        }
    }

    @Test
    void viewsOutliveTheArrayTheyWereTakenFrom() {
        Array a = x.to(engine);
        Array slice = engine.slice(a, 1, 1, 2);
        a.close();
        Grid.take(engine, slice).assertClose(Grid.computed(Shape.of(2, 1, 4), p -> x.at(p[0], 1, p[2])), 0);
        assertThat(engine.liveArrays()).isZero();
    }

    @Test
    void stretchingRepeatsWithoutCopying() {
        Grid row = Grid.random(2, 3, 1);
        try (Array a = row.to(engine);
                Array wide = engine.expand(a, Shape.of(2, 3, 4))) {
            Grid.from(engine, wide).assertClose(Grid.computed(Shape.of(2, 3, 4), row::stretched), 0);
        }
    }

    @Test
    void selectedSlicesAreAddedBackWhereTheyCameFrom() {
        Grid source = Grid.random(3, 2, 4, 4);
        try (Array a = x.to(engine);
                Array index = engine.of(new long[] {2, 0, 2, 1}, Shape.of(4));
                Array added = source.to(engine)) {
            long[] order = {2, 0, 2, 1};
            Grid.take(engine, engine.select(a, 1, index))
                    .assertClose(Grid.computed(Shape.of(2, 4, 4), p -> x.at(p[0], order[(int) p[1]], p[2])), 0);
            engine.selectAddInPlace(a, 1, index, added);
            Grid expected = Grid.computed(x.shape(), p -> {
                double sum = x.at(p);
                for (int i = 0; i < order.length; i++) {
                    sum += order[i] == p[1] ? source.at(p[0], i, p[2]) : 0;
                }
                return sum;
            });
            Grid.from(engine, a).assertClose(expected, 1e-12);
        }
    }

    @Test
    void gatheredElementsAreAddedBackWhereTheyCameFrom() {
        Grid table = Grid.random(4, 3, 5);
        Grid picks = Grid.of(Shape.of(3, 2), 0, 4, 4, 4, 1, 2);
        Grid source = Grid.random(5, 3, 2);
        try (Array a = table.to(engine);
                Array index = picks.to(engine, DType.INT64);
                Array added = source.to(engine)) {
            Grid.take(engine, engine.gather(a, 1, index))
                    .assertClose(Grid.computed(Shape.of(3, 2), p -> table.at(p[0], (long) picks.at(p))), 0);
            engine.gatherAddInPlace(a, 1, index, added);
            Grid expected = Grid.computed(table.shape(), p -> {
                double sum = table.at(p);
                for (int i = 0; i < 2; i++) {
                    sum += picks.at(p[0], i) == p[1] ? source.at(p[0], i) : 0;
                }
                return sum;
            });
            Grid.from(engine, a).assertClose(expected, 1e-12);
        }
    }

    @Test
    void rowsOfATableAreLookedUp() {
        Grid table = Grid.random(6, 5, 3);
        try (Array a = table.to(engine, DType.BFLOAT16);
                Array ids = engine.of(new long[] {4, 0, 0, 2}, Shape.of(2, 2))) {
            long[] order = {4, 0, 0, 2};
            Grid expected = Grid.computed(Shape.of(2, 2, 3), p -> table.at(order[(int) (2 * p[0] + p[1])], p[2]));
            Grid.take(engine, engine.embedding(a, ids)).assertClose(expected, 0);
        }
    }

    @Test
    void misfitsAreNamed() {
        try (Array a = x.to(engine);
                Array b = Grid.random(1, 2, 2, 4).to(engine);
                Array index = engine.of(new long[] {3}, Shape.of(1));
                Array narrow = engine.full(Shape.of(1), DType.INT32, 0)) {
            assertThatThrownBy(() -> engine.reshape(a, Shape.of(5, 5)))
                    .hasMessage("an array of shape [2, 3, 4] does not reshape to [5, 5], which has 25 elements instead"
                            + " of 24");
            assertThatThrownBy(() -> engine.slice(a, 1, 2, 4))
                    .hasMessage("slice 2 to 4 lies outside axis 1 of shape [2, 3, 4]");
            assertThatThrownBy(() -> engine.expand(a, Shape.of(2, 6, 4)))
                    .hasMessage("shapes [2, 3, 4] and [2, 6, 4] do not broadcast");
            assertThatThrownBy(() -> engine.concat(List.of(a, b), 0))
                    .hasMessage("concat: shapes [2, 3, 4] and [2, 2, 4] differ in more than axis 0");
            assertThatThrownBy(() -> engine.concat(List.of(), 0))
                    .hasMessage("concat: no arrays were given, but there must be one at least");
            assertThatThrownBy(() -> engine.select(a, 1, narrow))
                    .hasMessage("select: the index holds INT32 elements, but must hold INT64");
            assertThatThrownBy(() -> engine.select(a, 1, index))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessage("select: index 3 was found, but must lie in [0, 3)");
            assertThatThrownBy(() -> engine.permute(a, 0, 1))
                    .hasMessage("permute: 2 axes were given for shape [2, 3, 4]");
        }
    }
}
