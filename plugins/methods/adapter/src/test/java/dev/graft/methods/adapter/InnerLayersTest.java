package dev.graft.methods.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.tensor.ArrayTensor;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.MethodChecks;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.kernel.testing.Tokens;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Array;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several attachments on one model, one of them an adapter. */
class InnerLayersTest {
    private static final Tokens TOKENS = Tokens.of(new long[] {3, 7, 9, 2}, new long[] {5, 4, 30, 11});

    /** A sum of products is rounded in another order than the product of a sum. */
    private static final Offset<Float> ROUNDING = within(2e-5f);

    @TempDir
    private Path directory;

    @Test
    void lowRankUpdatesInsideAnAdapterActAsIfAddedToItsMatrices() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter adapter = adapter(bench, model, Map.of("reduction_factor", 4));
            AttachedAdapter inside = inside(bench, model, adapter);
            assertThat(inside.attachment().parameters()).hasSize(2 * 2 * 3);
            float[] both = logits(bench, model, List.of(adapter, inside));
            float[] alone = logits(bench, model, List.of(adapter));

            add(bench, adapter, inside.attachment().merge());

            assertThat(logits(bench, model, List.of(adapter)))
                    .containsExactly(both, ROUNDING)
                    .isNotEqualTo(alone);
            inside.release();
            adapter.release();
        }
    }

    @Test
    void theyAreSavedAndLoadedTogether() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter adapter = adapter(bench, model, Map.of("kind", "houlsby"));
            AttachedAdapter inside = inside(bench, model, adapter);
            float[] expected = logits(bench, model, List.of(adapter, inside));
            AdapterLoader loader = new AdapterLoader(bench.registry());
            loader.save(directory.resolve("both"), "base", model, List.of(adapter, inside));
            List<AttachedAdapter> again = loader.load(directory.resolve("both"), model);

            assertThat(logits(bench, model, again)).isEqualTo(expected);
            again.forEach(AttachedAdapter::release);
            inside.release();
            adapter.release();
        }
    }

    @Test
    void anAdapterThatClosesItsSublayerMustBeTheLast() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            AttachedAdapter closing =
                    adapter(bench, model, Map.of("original_ln_after", false, "residual_before_ln", "post_add"));
            AttachedAdapter other = adapter(bench, model, Map.of());
            assertThat(logits(bench, model, List.of(other, closing))).isNotEmpty();
            assertThatThrownBy(() -> logits(bench, model, List.of(closing, other)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("at model.layers.0.mlp")
                    .hasMessageContaining("attach it last");
            other.release();
            closing.release();
        }
    }

    private static AttachedAdapter adapter(Bench bench, LoadedModel model, Map<String, Object> keys) {
        return MethodChecks.moved(
                bench,
                MethodChecks.of(new AdapterProvider(), SmallModel.llama(), keys).attach(model, 1),
                2);
    }

    private static AttachedAdapter inside(Bench bench, LoadedModel model, AttachedAdapter adapter) {
        return MethodChecks.moved(bench, lowRank(model, bench.registry().method("lora"), adapter), 3);
    }

    private static <C extends Record> AttachedAdapter lowRank(
            LoadedModel model, MethodProvider<C> method, AttachedAdapter adapter) {
        C configuration = ConfigurationBinder.bind(
                method.configuration(),
                Map.of(
                        "r",
                        2,
                        "target_modules",
                        List.of("output_adapters.adapters.adapter.adapter_down.0", "adapter_up"),
                        "exclude_modules",
                        ".*attention_adapters.*"),
                "methods[1]");
        return AdapterBuilder.attach(
                model,
                method,
                configuration,
                AdapterBuilder.Setting.fresh("inside", 1).over(List.of(adapter), List.of()));
    }

    private static void add(Bench bench, AttachedAdapter adapter, Map<String, UnaryOperator<Tensor>> merges) {
        try (Scope scope = bench.tensors().scope()) {
            for (Parameter parameter : adapter.attachment().parameters()) {
                UnaryOperator<Tensor> merge = merges.get(parameter.name());
                if (merge != null) {
                    Tensor change = merge.apply(parameter.tensor().detach())
                            .sub(parameter.tensor().detach());
                    Array value = adapter.array(parameter);
                    bench.engine().addInPlace(value, ((ArrayTensor) change).array(), 1);
                }
            }
        }
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
}
