package dev.graft.methods.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.MethodChecks;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.model.NormSite;
import dev.graft.spi.model.SublayerSite;
import dev.graft.spi.model.SublayerSite.Kind;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdapterKeysTest {
    @Test
    void aKindStandsForItsKeysAndSingleKeysOverrideIt() {
        AdapterConfig houlsby = bind(Map.of("kind", "houlsby"));
        assertThat(houlsby.mhAdapter()).isTrue();
        assertThat(houlsby.originalLnBefore()).isFalse();
        assertThat(houlsby.nonLinearity()).isEqualTo("swish");
        assertThat(houlsby.reductionFactor()).isEqualTo(16L);
        AdapterConfig parallel = bind(Map.of("kind", "par_bn", "scaling", 1, "non_linearity", "GELU"));
        assertThat(parallel.isParallel()).isTrue();
        assertThat(parallel.reductionFactor()).isEqualTo(2L);
        assertThat(parallel.initWeights()).isEqualTo("mam_adapter");
        assertThat(parallel.scaling()).isEqualTo(1);
        assertThat(parallel.nonLinearity()).isEqualTo("GELU");
        assertThat(bind(Map.of("kind", "scaled_par_bn")).scaling()).isEqualTo("learned");
        AdapterConfig none = bind(Map.of());
        AdapterConfig pfeiffer = bind(Map.of("kind", "pfeiffer"));
        assertThat(ConfigurationBinder.toMap(pfeiffer))
                .containsAllEntriesOf(ConfigurationBinder.toMap(none))
                .containsEntry("kind", "pfeiffer");
        assertThat(pfeiffer.originalLnBefore()).isTrue();
        assertThat(pfeiffer.mhAdapter()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"16, 4", "64, 1", "3, 21", "1.5, 42", "0.5, 128", "0.1, 639", "1000, 1"})
    void theBottleneckIsTheQuotientRoundedDown(String factor, int width) {
        Object number = factor.contains(".") ? (Object) Double.valueOf(factor) : Integer.valueOf(factor);
        assertThat(Reduction.width(number, 0, 64)).isEqualTo(width);
    }

    @Test
    void aMapOfFactorsNamesLayersOrADefault() {
        Map<String, Object> factors = Map.of("1", 4, "default", 8);
        assertThat(Reduction.width(factors, 1, 64)).isEqualTo(16);
        assertThat(Reduction.width(factors, 0, 64)).isEqualTo(8);
        assertThatThrownBy(() -> Reduction.width(Map.of("1", 4), 0, 64))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("reduction_factor has no number for layer 0");
    }

    @ParameterizedTest
    @CsvSource({
        "relu, -1.5, 0",
        "relu, 0.5, 0.5",
        "relu2, 1.5, 2.25",
        "relu6, 7, 6",
        "leakyrelu, -2, -0.02",
        "leaky_relu, 2, 2",
        "gelu, 1, 0.8413447",
        "gelu_python, -1, -0.1586553",
        "gelu_10, 20, 10",
        "gelu_new, 1, 0.8411920",
        "gelu_fast, 1, 0.8411920",
        "gelu_accurate, 1, 0.8411920",
        "gelu_pytorch_tanh, 1, 0.8411920",
        "gelu_python_tanh, 1, 0.8411920",
        "quick_gelu, 1, 0.8457958",
        "silu, 1, 0.7310586",
        "swish, -1, -0.2689414",
        "mish, 1, 0.8650984",
        "tanh, 0.5, 0.4621172",
        "sigmoid, 0.5, 0.6224593",
        "linear, -3, -3"
    })
    void nonLinearitiesAreThoseOfTransformers(String name, float x, float y) {
        try (Bench bench = new Bench();
                Scope scope = bench.tensors().scope()) {
            float found = NonLinearity.of(name)
                    .function()
                    .apply(bench.tensors().of(new float[] {x}, Shape.of(1)))
                    .floats()[0];
            assertThat(found).isCloseTo(y, within(1e-6f));
        }
    }

    @Test
    void adaptersStandWhereAdapterHubHasThem() {
        NormSite inner = new NormSite("a.b.0.output.LayerNorm", NormSite.Kind.LAYER, 0, null, null, 1e-5);
        NormSite outer = new NormSite("model.encoder.layers.0.final_layer_norm", NormSite.Kind.LAYER, 0, null, null, 0);
        assertThat(modules(
                        new SublayerSite("a.b.0.output", Kind.FEED_FORWARD, 0, 16, inner),
                        new SublayerSite("model.encoder.layers.0.fc2", Kind.FEED_FORWARD, 0, 16, outer),
                        new SublayerSite("model.layers.1.self_attn", Kind.ATTENTION, 1, 16, null),
                        new SublayerSite("model.decoder.layers.1.encoder_attn", Kind.CROSS_ATTENTION, 1, 16, outer),
                        new SublayerSite("decoder.block.1.layer.2", Kind.FEED_FORWARD, 1, 16, null)))
                .containsExactly(
                        "a.b.0.output.adapters.x",
                        "model.encoder.layers.0.output_adapters.adapters.x",
                        "model.layers.1.attention_adapters.adapters.x",
                        "model.decoder.layers.1.cross_attention_adapters.adapters.x",
                        "decoder.block.1.layer.2.adapters.x");
    }

    private static List<String> modules(SublayerSite... sites) {
        AdapterConfig everywhere = bind(Map.of("mh_adapter", true, "cross_adapter", true));
        return Place.of(new ModelView(null, List.of(sites)), everywhere).stream()
                .map(place -> place.adapter("x"))
                .toList();
    }

    @Test
    void layersOfADecoderAreCountedAfterThoseOfItsEncoder() {
        SublayerSite[] sites = {
            new SublayerSite("encoder.block.0.layer.0", Kind.ATTENTION, 0, 16, null),
            new SublayerSite("encoder.block.0.layer.1", Kind.FEED_FORWARD, 0, 16, null),
            new SublayerSite("decoder.block.0.layer.0", Kind.ATTENTION, 0, 16, null),
            new SublayerSite("decoder.block.0.layer.1", Kind.CROSS_ATTENTION, 0, 16, null),
            new SublayerSite("decoder.block.0.layer.2", Kind.FEED_FORWARD, 0, 16, null)
        };
        AdapterConfig config = bind(Map.of("leave_out", List.of(1), "mh_adapter", true));
        assertThat(Place.of(new ModelView(null, List.of(sites)), config))
                .extracting(place -> place.site().name())
                .containsExactly("encoder.block.0.layer.0", "encoder.block.0.layer.1");
    }

    @Test
    void firstValuesAreDrawnAsTheirSchemeSays() {
        try (Bench bench = new Bench();
                Scope scope = bench.tensors().scope()) {
            float[] houlsby = FirstValues.of(bind(Map.of("init_weights", "houlsby")))
                    .down()
                    .create(bench.tensors(), Shape.of(50, 100), DType.FLOAT32, RandomStream.seeded(1))
                    .floats();
            double squares = 0;
            for (float value : houlsby) {
                assertThat(Math.abs(value)).isLessThanOrEqualTo(0.02f);
                squares += value * value;
            }
            assertThat(Math.sqrt(squares / houlsby.length)).isCloseTo(0.0088, within(0.0003));
            AdapterConfig seeded = bind(Map.of("init_weights_seed", 9));
            float[] once = first(bench, seeded, 1);
            assertThat(first(bench, seeded, 2)).isEqualTo(once);
            assertThat(first(bench, bind(Map.of()), 1)).isNotEqualTo(first(bench, bind(Map.of()), 2));
            assertThat(FirstValues.of(bind(Map.of("kind", "parallel")))
                            .up()
                            .create(bench.tensors(), Shape.of(2, 3), DType.FLOAT32, RandomStream.seeded(1))
                            .floats())
                    .containsOnly(0);
        }
    }

    private static float[] first(Bench bench, AdapterConfig config, long seed) {
        return FirstValues.of(config)
                .down()
                .create(bench.tensors(), Shape.of(3, 4), DType.FLOAT32, RandomStream.seeded(seed))
                .floats();
    }

    @Test
    void mistakesGiveOneSentence() {
        assertRefused(Map.of("kind", "compacter"), "kind");
        assertRefused(Map.of("non_linearity", "cube"), "non_linearity is 'cube'; allowed are gelu, gelu_10");
        assertRefused(Map.of("reduction_factor", 0), "reduction_factor is 0; it must be a number above 0");
        assertRefused(Map.of("reduction_factor", Map.of("first", 2)), "reduction_factor has a key 'first'");
        assertRefused(Map.of("reduction_factor", Map.of("1", "x")), "reduction_factor.1 is x");
        assertRefused(Map.of("scaling", "big"), "scaling is big; it must be a number, learned or channel");
        assertRefused(
                Map.of("kind", "houlsby", "residual_before_ln", "post_add"), "residual_before_ln is post_add, which");
        assertRefused(Map.of("output_adapter", false), "there would be no adapter");
        assertRefused(Map.of("dropout", 1.5), "dropout");
        assertRefused(Map.of("phm_layer", true), "unknown key 'methods[0].phm_layer'");
        assertRefused(Map.of("init_weights", "zero"), "init_weights");
    }

    @Test
    void keysThatDoNotFitTheModelAreNamed() {
        assertRefusedByModel(Map.of("leave_out", List.of(7)), "leave_out names layer 7, but this model's layers are");
        assertRefusedByModel(
                Map.of("leave_out", List.of(0, 1, 2)), "leave no place for an adapter in this model of 3 layers");
        assertRefusedByModel(Map.of("output_adapter", false, "cross_adapter", true), "leave no place for an adapter");
    }

    private static void assertRefused(Map<String, Object> keys, String message) {
        assertThatThrownBy(() -> bind(keys))
                .isInstanceOf(ConfigurationException.class)
                .message()
                .contains(message)
                .doesNotContain("\n");
    }

    private static void assertRefusedByModel(Map<String, Object> keys, String message) {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            assertThatThrownBy(() -> MethodChecks.of(new AdapterProvider(), SmallModel.llama(), keys)
                            .attach(model, 1))
                    .isInstanceOf(ConfigurationException.class)
                    .message()
                    .contains(message)
                    .doesNotContain("\n");
        }
    }

    private static AdapterConfig bind(Map<String, Object> keys) {
        return ConfigurationBinder.bind(AdapterConfig.class, keys, "methods[0]");
    }
}
