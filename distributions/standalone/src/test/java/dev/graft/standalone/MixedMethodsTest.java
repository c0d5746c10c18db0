package dev.graft.standalone;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.MethodChecks;
import dev.graft.kernel.testing.MixedRows;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.spi.method.MethodProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class MixedMethodsTest {
    /** What a row may have; several at once act in this order. */
    private static final List<Setup> SETUPS = List.of(
            new Setup("ia3", Map.of()),
            new Setup("bitfit", Map.of("inject", "linear_and_norms")),
            new Setup("lora", Map.of("r", 2, "target_modules", "all-linear")),
            new Setup("ia3", Map.of("target_modules", "all-linear")),
            new Setup("bitfit", Map.of("biases", List.of("lm_head", "up_proj"))));

    private record Setup(String method, Map<String, Object> keys) {}

    @Property(tries = 20)
    void everyRowGivesWhatItGivesAloneWhateverItsMethods(
            @ForAll @Size(min = 2, max = 5) List<@IntRange(max = 31) Integer> choices,
            @ForAll @IntRange(max = 1000) int seed) {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            List<AttachedAdapter> adapters = new ArrayList<>();
            for (Setup setup : SETUPS) {
                AttachedAdapter adapter = attach(bench.registry().method(setup.method()), setup, model);
                adapters.add(MethodChecks.moved(bench, adapter, adapters.size()));
            }
            MixedRows rows = MixedRows.random(
                    choices.stream().map(choice -> chosen(adapters, choice)).toList(), seed);
            rows.giveInOnePassWhatTheyGiveAlone(bench, model);
            rows.giveTokenByTokenWhatTheyGiveAlone(bench, model);
            adapters.forEach(AttachedAdapter::release);
        }
    }

    private static <C extends Record> AttachedAdapter attach(
            MethodProvider<C> provider, Setup setup, LoadedModel model) {
        return MethodChecks.of(provider, SmallModel.llama(), setup.keys()).attach(model, 1);
    }

    /** The adapters whose bits are set. */
    private static List<AttachedAdapter> chosen(List<AttachedAdapter> adapters, int bits) {
        List<AttachedAdapter> chosen = new ArrayList<>();
        for (int i = 0; i < adapters.size(); i++) {
            if ((bits >> i & 1) == 1) {
                chosen.add(adapters.get(i));
            }
        }
        return chosen;
    }
}
