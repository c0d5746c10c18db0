package dev.graft.methods.adapterfusion;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.MethodChecks;
import dev.graft.spi.engine.DType;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.tensor.RandomStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Fusions of adapters that have moved away from where they begin.
 *
 * @param bench the engine and the plugins
 * @param model what they are attached to
 * @param parts keys of each adapter; they are called a, b, c and so on
 * @param dtype element type of parameters
 */
record FusedAdapters(Bench bench, LoadedModel model, List<Map<String, Object>> parts, DType dtype) {
    static final List<Map<String, Object>> TWO = List.of(
            Map.of("reduction_factor", 4, "non_linearity", "tanh"),
            Map.of("reduction_factor", 2, "non_linearity", "gelu"));

    static FusedAdapters of(Bench bench, LoadedModel model) {
        return new FusedAdapters(bench, model, TWO, DType.FLOAT32);
    }

    /** A fusion as it begins. */
    AttachedAdapter fresh(Map<String, Object> keys, long seed) {
        List<AttachedAdapter> attached = new ArrayList<>();
        for (Map<String, Object> part : parts) {
            String name = String.valueOf((char) ('a' + attached.size()));
            attached.add(MethodChecks.moved(
                    bench,
                    attach(bench.registry().method("adapter"), part, name, List.of(), seed),
                    10 * seed + attached.size()));
        }
        return attach(new FusionProvider(), keys, "fusion", attached, seed);
    }

    /** A fusion that has moved too. */
    AttachedAdapter moved(Map<String, Object> keys, long seed) {
        return MethodChecks.moved(bench, fresh(keys, seed), 100 + seed);
    }

    private <C extends Record> AttachedAdapter attach(
            MethodProvider<C> method, Map<String, Object> keys, String name, List<AttachedAdapter> own, long seed) {
        AdapterBuilder.Setting setting =
                new AdapterBuilder.Setting(name, RandomStream.seeded(seed).fork(name), dtype, null, null, "");
        C configuration = ConfigurationBinder.bind(method.configuration(), keys, "methods[0]");
        return AdapterBuilder.attach(model, method, configuration, setting.over(List.of(), own));
    }
}
