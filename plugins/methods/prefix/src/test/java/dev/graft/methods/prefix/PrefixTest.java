package dev.graft.methods.prefix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.tensor.Gradients;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.MethodChecks;
import dev.graft.kernel.testing.MixedRows;
import dev.graft.kernel.testing.ReferenceTests;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.kernel.testing.Tokens;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class PrefixTest {
    private static final PrefixProvider PREFIX = new PrefixProvider();
    private static final Tokens TOKENS = Tokens.of(new long[] {3, 7, 9, 2}, new long[] {5, 4, 30, 11});
    private static final Offset<Float> ROUNDING = within(1e-5f);

    @TempDir
    private Path directory;

    @TestFactory
    Stream<DynamicNode> itStandsWhatEveryMethodMust() {
        Map<String, Object> plain = Map.of("num_virtual_tokens", 2, "prefix_projection", false);
        Map<String, Object> network = Map.of("num_virtual_tokens", 3, "encoder_hidden_size", 5);
        return Stream.of(
                        MethodChecks.of(PREFIX, SmallModel.llama(), network),
                        MethodChecks.of(PREFIX, SmallModel.llama(), plain),
                        MethodChecks.of(PREFIX, SmallModel.gpt2(), Map.of("modules_to_save", List.of("ln_f"))),
                        MethodChecks.of(PREFIX, SmallModel.bertClassifier(), network))
                .map(checks -> checks.changingLogitsWhenFresh()
                        .refusingToMerge("a prefix cannot be merged")
                        .tests(directory));
    }

    /** Cases without a network too: where no other method reads them, this one does. */
    @TestFactory
    Stream<DynamicTest> adaptersOfTheReferenceGiveItsLogitsAndTrainAsItDoes() {
        return ReferenceTests.adapters(PREFIX, "peft");
    }

    @Test
    void rowsWithPrefixesOfUnequalLengthGiveWhatTheyGiveAlone() {
        for (SmallModel small : List.of(SmallModel.llama(), SmallModel.gpt2())) {
            try (Bench bench = new Bench();
                    LoadedModel model = small.random(bench)) {
                AttachedAdapter network = attach(model, Map.of("num_virtual_tokens", 5));
                AttachedAdapter longer = attach(model, Map.of("num_virtual_tokens", 9, "prefix_projection", false));
                AttachedAdapter single = attach(model, Map.of("num_virtual_tokens", 1, "prefix_projection", false));
                List<List<AttachedAdapter>> choices = List.of(
                        List.of(network), List.of(), List.of(longer), List.of(single, network), List.of(single));
                for (int mix = 0; mix < 4; mix++) {
                    List<List<AttachedAdapter>> rows = new ArrayList<>();
                    for (int row = 0; row < choices.size(); row++) {
                        rows.add(choices.get((row * (mix + 1) + mix) % choices.size()));
                    }
                    MixedRows mixed = MixedRows.random(rows, mix);
                    mixed.giveInOnePassWhatTheyGiveAlone(bench, model);
                    mixed.giveTokenByTokenWhatTheyGiveAlone(bench, model);
                }
                List.of(network, longer, single).forEach(AttachedAdapter::release);
            }
        }
    }

    @Test
    void recomputedBlocksGiveTheSameGradients() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter adapter = attach(model, Map.of("num_virtual_tokens", 3));
            List<float[]> kept = gradients(bench, model, adapter, false);
            List<float[]> recomputed = gradients(bench, model, adapter, true);
            for (int i = 0; i < kept.size(); i++) {
                assertThat(recomputed.get(i)).containsExactly(kept.get(i), ROUNDING);
                assertThat(kept.get(i)).isNotEqualTo(new float[kept.get(i).length]);
            }
            adapter.release();
        }
    }

    private static List<float[]> gradients(
            Bench bench, LoadedModel model, AttachedAdapter adapter, boolean checkpointing) {
        GraftTensors tensors = bench.tensors();
        try (Scope scope = tensors.scope()) {
            Tensor loss = model.forward(
                            bench.input(TOKENS.ids(), TOKENS.mask()),
                            RowAssignment.all(List.of(adapter)),
                            PassOptions.training(RandomStream.seeded(1), checkpointing))
                    .logits()
                    .square()
                    .sum();
            List<Tensor> learning = adapter.attachment().parameters().stream()
                    .map(Parameter::tensor)
                    .toList();
            try (Gradients gradients = tensors.backward(loss, learning)) {
                return learning.stream()
                        .map(tensor -> tensors.constant(gradients.get(tensor)).floats())
                        .toList();
            }
        }
    }

    private static AttachedAdapter attach(LoadedModel model, Map<String, Object> keys) {
        PrefixConfig config = ConfigurationBinder.bind(PrefixConfig.class, keys, "methods[0]");
        return AdapterBuilder.attach(model, PREFIX, config, AdapterBuilder.Setting.fresh("prefix", 1));
    }
}
