package dev.graft.kernel.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.host.HostEngine;
import dev.graft.kernel.sample.EveryPatch;
import dev.graft.kernel.sample.EveryPatch.Kind;
import dev.graft.kernel.sample.SmallDecoder;
import dev.graft.kernel.tensor.ArrayTensor;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.config.NoOptions;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Losses;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.Input;
import dev.graft.spi.model.Output;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/**
 * A batch gives every row exactly what the row gives alone, whatever its batch-mates use: on an engine that sums in one
 * order, as this one does, nothing that the composition does may change a bit.
 */
class MixedRowsTest {

    private static final List<EveryPatch> METHODS = List.of(
            new EveryPatch(Set.of(Kind.OUTPUT, Kind.INPUT), 0),
            new EveryPatch(Set.of(Kind.WEIGHT), 0),
            new EveryPatch(Set.of(Kind.BIAS, Kind.NORM), 0),
            new EveryPatch(Set.of(Kind.TABLE, Kind.VECTORS), 0),
            new EveryPatch(Set.of(Kind.VIRTUAL), 3),
            new EveryPatch(Set.of(Kind.VIRTUAL, Kind.VECTORS), 1),
            new EveryPatch(Set.of(Kind.PREFIX), 2),
            new EveryPatch(Set.of(Kind.PLACELESS_PREFIX), 4),
            new EveryPatch(Set.of(Kind.SUBLAYER, Kind.BIAS), 0),
            new EveryPatch(Set.of(Kind.values()), 2));

    /**
     * One row.
     *
     * @param ids its tokens
     * @param adapters numbers of its adapters, in the order of attachment
     */
    record Row(List<Integer> ids, List<Integer> adapters) {}

    private HostEngine engine;
    private GraftTensors tensors;
    private LoadedModel model;
    private List<AttachedAdapter> adapters;
    private long arraysBefore;

    @BeforeProperty
    void open() {
        engine = new HostEngine();
        tensors = new GraftTensors(engine);
        model = SmallDecoder.load(tensors, DType.FLOAT64, 64);
        adapters = new ArrayList<>();
        for (EveryPatch method : METHODS) {
            String name = "adapter" + adapters.size();
            AdapterBuilder.Setting setting =
                    new AdapterBuilder.Setting(name, RandomStream.seeded(5).fork(name), DType.FLOAT64, null, null, "");
            adapters.add(AdapterBuilder.attach(model, method, new NoOptions(), setting));
        }
        everyFormOfEveryWeight();
        arraysBefore = engine.liveArrays();
    }

    /** Weights take the form in which they are used at first use, and keep it: that is no leak. */
    private void everyFormOfEveryWeight() {
        List<Row> rows = new ArrayList<>(List.of(new Row(List.of(1), List.of())));
        for (int adapter = 0; adapter < adapters.size(); adapter++) {
            rows.add(new Row(List.of(1), List.of(adapter)));
        }
        for (Row row : rows) {
            try (Scope scope = tensors.scope()) {
                pass(List.of(row), true, null).logits();
            }
        }
    }

    @AfterProperty
    void everythingIsFreed() {
        assertThat(engine.liveArrays()).isEqualTo(arraysBefore);
        adapters.forEach(AttachedAdapter::release);
        model.close();
        assertThat(engine.liveArrays()).isZero();
    }

    @Provide
    Arbitrary<List<Row>> batches() {
        Arbitrary<List<Integer>> ids = Arbitraries.integers()
                .between(0, SmallDecoder.VOCABULARY - 1)
                .list()
                .ofMinSize(1)
                .ofMaxSize(5);
        Arbitrary<List<Integer>> own = Arbitraries.integers()
                .between(0, METHODS.size() - 1)
                .list()
                .uniqueElements()
                .ofMaxSize(3);
        return Combinators.combine(ids, own).as(Row::new).list().ofMinSize(2).ofMaxSize(5);
    }

    @Property(tries = 60)
    void aRowGivesTheLogitsItGivesAloneUnderPaddingOnEitherSide(
            @ForAll("batches") List<Row> rows, @ForAll boolean paddedLeft) {
        List<double[][]> together = logits(rows, paddedLeft);

        for (int row = 0; row < rows.size(); row++) {
            double[][] alone = logits(List.of(rows.get(row)), paddedLeft).get(0);
            assertSame(row, alone, together.get(row));
        }
    }

    @Property(tries = 40)
    void aRowGivesTheTokenLossesItGivesAlone(@ForAll("batches") List<Row> rows) {
        float[][] together = losses(rows);

        for (int row = 0; row < rows.size(); row++) {
            float[] alone = losses(List.of(rows.get(row)))[0];
            assertThat(Arrays.copyOf(together[row], alone.length))
                    .as("row %d", row)
                    .containsExactly(alone);
        }
    }

    @Property(tries = 40)
    void aRowGivesFromTheCacheWhatAFullPassGivesItAlone(@ForAll("batches") List<Row> rows) {
        int steps = 3;
        List<double[]> fromCache = new ArrayList<>();
        try (KeyValueCache cache = new KeyValueCache(engine)) {
            fromCache.addAll(lastLogits(rows, cache));
            for (int step = 1; step < steps; step++) {
                List<Row> next = new ArrayList<>();
                for (Row row : rows) {
                    next.add(new Row(List.of(continuation(row, step)), row.adapters()));
                }
                fromCache.addAll(lastLogits(next, cache));
            }
        }

        for (int row = 0; row < rows.size(); row++) {
            List<Integer> ids = new ArrayList<>(rows.get(row).ids());
            for (int step = 0; step < steps; step++) {
                if (step > 0) {
                    ids.add(continuation(rows.get(row), step));
                }
                double[][] alone = logits(List.of(new Row(ids, rows.get(row).adapters())), true)
                        .get(0);
                assertThat(fromCache.get(step * rows.size() + row))
                        .as("row %d, step %d", row, step)
                        .containsExactly(alone[alone.length - 1]);
            }
        }
    }

    private static int continuation(Row row, int step) {
        return (row.ids().get(0) * 7 + step) % SmallDecoder.VOCABULARY;
    }

    private List<double[]> lastLogits(List<Row> rows, KeyValueCache cache) {
        try (Scope scope = tensors.scope()) {
            Tensor logits =
                    tensors.withoutGradient(() -> pass(rows, true, cache).logits());
            long length = logits.size(1);
            double[] flat = doubles(logits.slice(1, length - 1, length));
            List<double[]> byRow = new ArrayList<>();
            for (int row = 0; row < rows.size(); row++) {
                byRow.add(Arrays.copyOfRange(flat, row * SmallDecoder.VOCABULARY, (row + 1) * SmallDecoder.VOCABULARY));
            }
            return byRow;
        }
    }

    /** Logits by row and token, padding and virtual tokens left out. */
    private List<double[][]> logits(List<Row> rows, boolean paddedLeft) {
        try (Scope scope = tensors.scope()) {
            Tensor logits =
                    tensors.withoutGradient(() -> pass(rows, paddedLeft, null).logits());
            double[] flat = doubles(logits);
            int slots = (int) logits.size(1);
            int tokens = longest(rows);
            List<double[][]> byRow = new ArrayList<>();
            for (int row = 0; row < rows.size(); row++) {
                int own = rows.get(row).ids().size();
                int first = slots - tokens + (paddedLeft ? tokens - own : 0);
                double[][] found = new double[own][];
                for (int token = 0; token < own; token++) {
                    int at = (row * slots + first + token) * SmallDecoder.VOCABULARY;
                    found[token] = Arrays.copyOfRange(flat, at, at + SmallDecoder.VOCABULARY);
                }
                byRow.add(found);
            }
            return byRow;
        }
    }

    private float[][] losses(List<Row> rows) {
        try (Scope scope = tensors.scope()) {
            int length = longest(rows);
            long[] labels = new long[rows.size() * length];
            Arrays.fill(labels, Losses.IGNORED);
            for (int row = 0; row < rows.size(); row++) {
                for (int token = 0; token < rows.get(row).ids().size(); token++) {
                    labels[row * length + token] = rows.get(row).ids().get(token);
                }
            }
            float[] flat = tensors.withoutGradient(() -> pass(rows, false, null)
                    .tokenLosses(tensors.of(labels, Shape.of(rows.size(), length)), true)
                    .floats());
            float[][] byRow = new float[rows.size()][];
            for (int row = 0; row < rows.size(); row++) {
                byRow[row] = Arrays.copyOfRange(flat, row * length, (row + 1) * length);
            }
            return byRow;
        }
    }

    private Output pass(List<Row> rows, boolean paddedLeft, KeyValueCache cache) {
        int length = longest(rows);
        long[] ids = new long[rows.size() * length];
        long[] mask = new long[ids.length];
        for (int row = 0; row < rows.size(); row++) {
            List<Integer> own = rows.get(row).ids();
            int first = row * length + (paddedLeft ? length - own.size() : 0);
            for (int token = 0; token < own.size(); token++) {
                ids[first + token] = own.get(token);
                mask[first + token] = 1;
            }
        }
        Shape shape = Shape.of(rows.size(), length);
        boolean padded = Arrays.stream(mask).anyMatch(slot -> slot == 0);
        Input input = Input.of(tensors.of(ids, shape), padded ? tensors.of(mask, shape) : null);
        RowAssignment assignment = RowAssignment.rows(rows.stream()
                .map(row -> row.adapters().stream().map(adapters::get).toList())
                .toList());
        return model.forward(input, assignment, cache == null ? PassOptions.inference() : PassOptions.cached(cache));
    }

    private double[] doubles(Tensor tensor) {
        Array array = ((ArrayTensor) tensor).array();
        ByteBuffer bytes = ByteBuffer.allocateDirect((int) array.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        engine.read(array, 0, bytes);
        double[] values = new double[(int) array.shape().elements()];
        bytes.clear().order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(values);
        return values;
    }

    private static int longest(List<Row> rows) {
        return rows.stream().mapToInt(row -> row.ids().size()).max().orElseThrow();
    }

    private static void assertSame(int row, double[][] expected, double[][] found) {
        for (int token = 0; token < expected.length; token++) {
            assertThat(found[token]).as("row %d, token %d", row, token).containsExactly(expected[token]);
        }
    }
}
