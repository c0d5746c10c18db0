package dev.graft.kernel.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.host.HostEngine;
import dev.graft.kernel.sample.EveryPatch;
import dev.graft.kernel.sample.EveryPatch.Kind;
import dev.graft.kernel.sample.SmallDecoder;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.config.NoOptions;
import dev.graft.spi.engine.DType;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PackedRowsTest {
    private static final List<Example> EXAMPLES =
            List.of(example(3, 1, 4, 1, 5), example(9, 2), example(6, 5, 3), example(5, 8, 9, 7));

    private final HostEngine engine = new HostEngine();
    private final GraftTensors tensors = new GraftTensors(engine);
    private final LoadedModel model = SmallDecoder.load(tensors, DType.FLOAT64, 32);

    private static Example example(int... ids) {
        return Example.of(Sequence.of(ids, ids.clone()));
    }

    private AttachedAdapter adapter(Kind... kinds) {
        AdapterBuilder.Setting setting =
                new AdapterBuilder.Setting("packed", RandomStream.seeded(4), DType.FLOAT64, null, null, "");
        return AdapterBuilder.attach(model, new EveryPatch(Set.of(kinds), 2), new NoOptions(), setting);
    }

    @AfterEach
    void everythingIsFreed() {
        model.close();
        assertThat(engine.liveArrays()).isZero();
    }

    @Test
    void packedSequencesGiveTheLossesOfSeparateOnes() {
        assertThatPackingChangesNothing(RowAssignment.base());
    }

    @Test
    void packedSequencesEachSeeThePrefixes() {
        AttachedAdapter prefix = adapter(Kind.PREFIX, Kind.OUTPUT, Kind.SUBLAYER, Kind.NORM);
        assertThatPackingChangesNothing(RowAssignment.all(List.of(prefix)));
        prefix.release();
    }

    @Test
    void positionsThatAreNotGivenRestartWithEverySequenceBehindItsPrefix() {
        AttachedAdapter prefix = adapter(Kind.PREFIX);
        RowAssignment rows = RowAssignment.all(List.of(prefix));
        HostBatch packed = HostBatch.packed(List.of(EXAMPLES), 0, 1);
        HostBatch counted = new HostBatch(
                packed.examples(),
                packed.rows(),
                packed.length(),
                packed.tokens(),
                packed.ids(),
                packed.mask(),
                packed.labels(),
                packed.types(),
                null,
                packed.segments(),
                null);

        assertThat(losses(counted, rows)).containsExactly(losses(packed, rows));
        prefix.release();
    }

    @Test
    void virtualTokensCannotStandInFrontOfPackedSequences() {
        AttachedAdapter virtual = adapter(Kind.VIRTUAL);
        HostBatch batch = HostBatch.packed(List.of(EXAMPLES), 0, 1);

        assertThatThrownBy(() -> losses(batch, RowAssignment.all(List.of(virtual))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("set data.packing to false");
        virtual.release();
    }

    private void assertThatPackingChangesNothing(RowAssignment rows) {
        List<List<Example>> packed = List.of(EXAMPLES.subList(0, 2), EXAMPLES.subList(2, 4));
        float[] together = losses(HostBatch.packed(packed, 0, 1), rows);
        int length = 7;

        int number = 0;
        for (int row = 0; row < packed.size(); row++) {
            int at = row * length;
            for (Example example : packed.get(row)) {
                float[] alone = losses(HostBatch.padded(List.of(example), 0, 1), rows);
                for (float loss : alone) {
                    assertThat(together[at++]).as("example %d", number).isCloseTo(loss, within(1e-5f));
                }
                number++;
            }
        }
        assertThat(number).isEqualTo(EXAMPLES.size());
    }

    @Test
    void batchMatesAndTheirPaddingChangeNoLoss() {
        float[] together = losses(HostBatch.padded(EXAMPLES, 0, 8), RowAssignment.base());

        for (int row = 0; row < EXAMPLES.size(); row++) {
            float[] alone = losses(HostBatch.padded(List.of(EXAMPLES.get(row)), 0, 1), RowAssignment.base());
            for (int token = 0; token < 8; token++) {
                float expected = token < alone.length ? alone[token] : 0;
                assertThat(together[row * 8 + token]).isCloseTo(expected, within(1e-5f));
            }
        }
    }

    private float[] losses(HostBatch hostBatch, RowAssignment rows) {
        try (Scope scope = tensors.scope()) {
            Batch batch = hostBatch.toBatch(tensors);
            return tensors.withoutGradient(() -> model.forward(batch.input(), rows, PassOptions.inference())
                    .tokenLosses(batch.labels(), true)
                    .floats());
        }
    }
}
