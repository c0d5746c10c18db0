package dev.graft.methods.adapter;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.format.AdapterHubKeys;
import dev.graft.spi.method.AdapterFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * AdapterHub's layout: {@code adapter_config.json} with the keys of {@code BnConfig} under {@code config},
 * {@code adapter.safetensors}, and for a head that learned along {@code head_config.json} with
 * {@code model_head.safetensors}.
 */
final class BottleneckFormat implements AdapterFormat {
    /** What AdapterHub takes for keys that a file lacks, all but those it demands. */
    private static final Map<String, Object> ABSENT =
            Map.of("original_ln_before", false, "init_weights", "bert", "is_parallel", false, "scaling", 1.0);

    private static final List<String> DEMANDED =
            List.of("mh_adapter", "output_adapter", "reduction_factor", "non_linearity");

    private static final List<String> OPTIONAL = List.of(
            "adapter_residual_before_ln",
            "cross_adapter",
            "dropout",
            "init_weights",
            "init_weights_seed",
            "is_parallel",
            "leave_out",
            "ln_after",
            "ln_before",
            "original_ln_after",
            "original_ln_before",
            "residual_before_ln",
            "scaling",
            "stochastic_depth",
            "use_gating");

    /** Keys that only matter to layers that are refused, with AdapterHub's defaults. */
    private static final Map<String, Object> INERT = inert();

    private static Map<String, Object> inert() {
        Map<String, Object> inert = new TreeMap<>();
        inert.put("factorized_phm_W", true);
        inert.put("factorized_phm_rule", false);
        inert.put("hypercomplex_nonlinearity", "glorot-uniform");
        inert.put("inv_adapter", null);
        inert.put("inv_adapter_reduction_factor", null);
        inert.put("learn_phm", true);
        inert.put("phm_bias", true);
        inert.put("phm_c_init", "normal");
        inert.put("phm_dim", 4);
        inert.put("phm_init_range", 0.0001);
        inert.put("phm_layer", false);
        inert.put("phm_rank", 1);
        inert.put("shared_W_phm", false);
        inert.put("shared_phm_rule", true);
        return inert;
    }

    @Override
    public String weightsFile() {
        return "adapter.safetensors";
    }

    @Override
    public boolean recognises(Map<String, Object> file) {
        return !file.containsKey("peft_type")
                && file.get("config") instanceof Map<?, ?> config
                && config.get("architecture") == null
                && config.containsKey("reduction_factor");
    }

    @Override
    public Map<String, Object> read(Map<String, Object> file) {
        Map<String, Object> keys = new LinkedHashMap<>(ABSENT);
        Map<String, Object> inert = new LinkedHashMap<>();
        Map<?, ?> config = (Map<?, ?>) file.get("config");
        config.forEach((key, value) -> {
            String name = String.valueOf(key);
            if (INERT.containsKey(name)) {
                refuse(name, value);
                inert.put(name, value);
            } else if (DEMANDED.contains(name) || OPTIONAL.contains(name)) {
                keys.put(name, value);
            } else if (!name.equals("architecture")) {
                throw new ConfigurationException("config has a key '" + name + "' that bottleneck adapters do not"
                        + " know; their keys are " + String.join(", ", known()));
            }
        });
        for (String key : DEMANDED) {
            if (keys.get(key) == null) {
                throw new ConfigurationException("config lacks the key '" + key + "'");
            }
        }
        keys.values().removeIf(value -> value == null);
        keys.put("inert", inert);
        return keys;
    }

    private static void refuse(String key, Object value) {
        boolean asksForMore = key.equals("phm_layer") ? !Boolean.FALSE.equals(value) : key.equals("inv_adapter");
        if (asksForMore && value != null) {
            throw new ConfigurationException("config sets '" + key + "' to " + value
                    + ", which this method does not do; it must be left out, null or false");
        }
    }

    private static Set<String> known() {
        Set<String> known = new TreeSet<>(INERT.keySet());
        known.addAll(DEMANDED);
        known.addAll(OPTIONAL);
        return known;
    }

    @Override
    public String renamed(String tensor, String from, String to) {
        return tensor.replace(".adapters." + from + ".", ".adapters." + to + ".");
    }

    @Override
    public Optional<String> name(Map<String, Object> file) {
        return file.get("name") instanceof String name ? Optional.of(name) : Optional.empty();
    }

    @Override
    public String fileOf(String tensor) {
        return isHead(tensor) ? AdapterHubKeys.HEAD : weightsFile();
    }

    private static boolean isHead(String tensor) {
        return !tensor.contains(".adapters.");
    }

    @Override
    public List<String> furtherFiles() {
        return List.of(AdapterHubKeys.HEAD);
    }

    @Override
    public Map<String, Object> write(Described adapter) {
        Map<String, Object> configuration = adapter.configuration();
        Map<String, Object> config = new TreeMap<>(INERT);
        if (configuration.get("inert") instanceof Map<?, ?> kept) {
            kept.forEach((key, value) -> config.put(String.valueOf(key), value));
        }
        List<String> own = new ArrayList<>(DEMANDED);
        own.addAll(OPTIONAL);
        own.forEach(key -> config.put(key, configuration.get(key)));
        config.computeIfPresent("residual_before_ln", (key, value) -> truth(value));
        config.putIfAbsent("leave_out", List.of());
        Map<String, Object> file = AdapterHubKeys.write(adapter);
        file.put("name", adapter.name());
        file.put("config", config);
        return file;
    }

    private static Object truth(Object value) {
        return AdapterConfig.POST_ADD.equals(value) ? value : Boolean.valueOf(String.valueOf(value));
    }

    @Override
    public Map<String, Map<String, Object>> writeFurther(Described adapter) {
        boolean headless = adapter.tensors().stream().noneMatch(BottleneckFormat::isHead);
        return headless ? Map.of() : AdapterHubKeys.writeHead(adapter);
    }
}
