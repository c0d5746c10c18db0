package dev.graft.standalone;

import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.MethodChecks;
import dev.graft.spi.engine.DType;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A method with a configuration.
 *
 * @param method its id
 * @param keys the configuration as a recipe writes it
 * @param parts the adapters it is built upon
 */
record Setup(String method, Map<String, Object> keys, List<Setup> parts) {
    /** Ids from which on tokens stand for trainable vectors in templates. */
    static final int FIRST_PLACE = 30;

    /** Methods that change nothing in a pass and refuse to stand alone. */
    private static final Set<String> BEHIND_OTHERS = Set.of("ewc");

    /** Configurations of methods; an installed method without one here takes part as it is without keys. */
    private static final List<Setup> KNOWN = List.of(
            of("lora", Map.of("r", 2, "target_modules", "all-linear")),
            of("lora", Map.of("r", 3, "target_modules", "all-linear", "use_dora", true)),
            of("lora", Map.of("r", 2, "target_modules", "all-linear", "bias", "all")),
            of("ia3", Map.of()),
            of("ia3", Map.of("target_modules", "all-linear")),
            of("bitfit", Map.of()),
            of("bitfit", Map.of("inject", "linear_and_norms")),
            of("full", Map.of("trainable_layers", 1)),
            of("sparse", Map.of("mask", "random", "density", 0.1)),
            of("diff-pruning", Map.of("density", 0.1)),
            of("prefix", Map.of("num_virtual_tokens", 2, "encoder_hidden_size", 5)),
            of("prefix", Map.of("num_virtual_tokens", 4, "prefix_projection", false)),
            of("p-tuning-v2", Map.of("pre_seq_len", 3)),
            of("prompt", Map.of("num_virtual_tokens", 2)),
            of(
                    "prompt",
                    Map.of("num_virtual_tokens", 5, "prompt_tuning_init", "TEXT", "prompt_tuning_init_text", "a text")),
            of("ppt", Map.of("num_virtual_tokens", 3)),
            of("p-tuning", Map.of("num_virtual_tokens", 4, "encoder_hidden_size", 6)),
            of("p-tuning", Map.of("num_virtual_tokens", 2, "pseudo_token", "token 30")),
            of(
                    "hard-prompt",
                    Map.of("num_virtual_tokens", 2, "template", "{text}{soft}{soft}{mask}", "soft_token", "token 31")),
            of("adapter", Map.of("kind", "houlsby", "reduction_factor", 4)),
            of("adapter", Map.of("kind", "pfeiffer", "reduction_factor", 4, "use_gating", true)),
            of("adapter", Map.of("kind", "parallel", "reduction_factor", 2)),
            new Setup(
                    "adapter-fusion",
                    Map.of(),
                    List.of(
                            of("adapter", Map.of("kind", "pfeiffer", "reduction_factor", 4)),
                            of("adapter", Map.of("kind", "pfeiffer", "reduction_factor", 2)))));

    private static Setup of(String method, Map<String, Object> keys) {
        return new Setup(method, keys, List.of());
    }

    /** At least one for every installed method that computes something by itself. */
    static List<Setup> ofEveryMethod(PluginRegistry registry) {
        return registry.methods().stream()
                .filter(method -> standsAlone(method.id()))
                .flatMap(method -> {
                    List<Setup> known = KNOWN.stream()
                            .filter(setup -> setup.method.equals(method.id()))
                            .toList();
                    return known.isEmpty() ? Stream.of(of(method.id(), Map.of())) : known.stream();
                })
                .toList();
    }

    /** Whether a method computes something by itself. */
    static boolean standsAlone(String method) {
        return !BEHIND_OTHERS.contains(method);
    }

    /** Whether a token's output depends on later ones by its nature, so that steps of one token are no full pass. */
    boolean looksAhead() {
        return Boolean.TRUE.equals(keys.get("use_gating"));
    }

    /** An adapter whose parameters have moved away from where they begin. */
    AttachedAdapter attach(Bench bench, LoadedModel model, DType dtype, long seed) {
        List<AttachedAdapter> own = new ArrayList<>();
        for (Setup part : parts) {
            own.add(part.attach(bench, model, dtype, seed + 100 + own.size()));
        }
        AttachedAdapter adapter = attach(bench.registry().method(method), model, dtype, seed, own);
        return MethodChecks.moved(bench, adapter, seed);
    }

    private <C extends Record> AttachedAdapter attach(
            MethodProvider<C> provider, LoadedModel model, DType dtype, long seed, List<AttachedAdapter> own) {
        String name = method + "-" + seed;
        RandomStream random = RandomStream.seeded(seed).fork(name);
        AdapterBuilder.Setting setting =
                new AdapterBuilder.Setting(name, random, dtype, tokenizer(), null, "").over(List.of(), own);
        C configuration = ConfigurationBinder.bind(provider.configuration(), keys, "methods[0]");
        return AdapterBuilder.attach(model, provider, configuration, setting);
    }

    /** Texts are always the same two tokens; the token of an id is called "token" and the id. */
    private static Tokenizer tokenizer() {
        Tokenizer tokenizer = mock(Tokenizer.class);
        int[] none = {0, 0};
        when(tokenizer.encode(anyString(), anyBoolean()))
                .thenReturn(new Tokenizer.Encoding(new int[] {3, 4}, none, none));
        when(tokenizer.special(anyString())).thenReturn(Optional.empty());
        when(tokenizer.id(anyString())).thenAnswer(call -> {
            String token = call.getArgument(0);
            return Optional.of(Integer.valueOf(token.substring(token.indexOf(' ') + 1)));
        });
        return tokenizer;
    }

    @Override
    public String toString() {
        return method + keys;
    }
}
