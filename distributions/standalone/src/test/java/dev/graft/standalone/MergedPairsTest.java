package dev.graft.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.model.ModelMerger;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.kernel.testing.Tokens;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.method.Progress;
import dev.graft.spi.tensor.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two adapters attached one after the other compute what their merged checkpoint computes, in either order. */
class MergedPairsTest {
    private static final Tokens TOKENS = Tokens.of(new long[] {3, 7, 9, 2}, new long[] {5, 4, 28, 11});

    /** Logits are about one; a merged product is summed in another order. */
    private static final double ROUNDING = 1e-4;

    /** The end of a run, when techniques that train something else first are what they merge as. */
    private static final Progress LAST = new Progress(1, 1, 1, 1);

    @TempDir
    private Path scratch;

    @Test
    void everyPairOfMethodsThatMergesGivesMergedWhatItGivesAttached() {
        TreeSet<String> merged = new TreeSet<>();
        SoftAssertions every = new SoftAssertions();
        int models = 0;
        for (SmallModel small : List.of(
                SmallModel.gpt2(), SmallModel.llama(), SmallModel.llama().with(Map.of("attention_bias", true)))) {
            try (Bench bench = new Bench()) {
                Path base = small.write(bench, scratch.resolve("base" + models++));
                List<Setup> setups = mergeable(bench, base);
                setups.forEach(setup -> merged.add(setup.method()));
                for (Setup first : setups) {
                    for (Setup second : setups) {
                        check(every, bench, base, first, second);
                    }
                }
            }
        }
        every.assertThat(merged).contains("bitfit", "diff-pruning", "full", "ia3", "lora", "sparse");
        every.assertAll();
    }

    private List<Setup> mergeable(Bench bench, Path base) {
        List<Setup> mergeable = new ArrayList<>();
        for (Setup setup : Setup.ofEveryMethod(bench.registry())) {
            try (LoadedModel model = bench.load(base)) {
                AttachedAdapter adapter = setup.attach(bench, model, DType.FLOAT32, 1);
                try {
                    merge(model, List.of(adapter), base);
                    mergeable.add(setup);
                } catch (ConfigurationException refusal) {
                    assertThat(refusal).hasMessageContaining("cannot be merged");
                } finally {
                    adapter.release();
                }
            }
        }
        return mergeable;
    }

    private void check(SoftAssertions every, Bench bench, Path base, Setup first, Setup second) {
        try (LoadedModel model = bench.load(base)) {
            List<AttachedAdapter> both = List.of(
                    first.attach(bench, model, DType.FLOAT32, 1), second.attach(bench, model, DType.FLOAT32, 2));
            both.forEach(adapter -> adapter.attachment().stepped(LAST));
            Path target = merge(model, both, base);
            try (LoadedModel merged = bench.load(target)) {
                every.assertThat(difference(logits(bench, merged, List.of()), logits(bench, model, both)))
                        .as("%s, then %s on %s", first, second, base.getFileName())
                        .isLessThan(ROUNDING);
            }
            both.forEach(AttachedAdapter::release);
        }
    }

    private Path merge(LoadedModel model, List<AttachedAdapter> adapters, Path base) {
        Path target = scratch.resolve("merged");
        new ModelMerger(model, adapters).write(base, target, ModelMerger.Form.asStored());
        return target;
    }

    private static float[] logits(Bench bench, LoadedModel model, List<AttachedAdapter> adapters) {
        try (Scope scope = bench.tensors().scope()) {
            return model.forward(
                            bench.input(TOKENS.ids(), TOKENS.mask()),
                            RowAssignment.all(adapters),
                            PassOptions.inference())
                    .logits()
                    .floats();
        }
    }

    private static double difference(float[] first, float[] second) {
        return IntStream.range(0, first.length)
                .mapToDouble(i -> Math.abs(first[i] - second[i]))
                .max()
                .orElseThrow();
    }
}
