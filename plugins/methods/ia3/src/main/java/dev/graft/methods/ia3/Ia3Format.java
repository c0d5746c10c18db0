package dev.graft.methods.ia3;

import dev.graft.spi.config.Choice;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.Task;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** PEFT's layout: {@code adapter_config.json} with {@code peft_type} IA3, and {@code adapter_model.safetensors}. */
final class Ia3Format implements AdapterFormat {
    private static final String PREFIX = "base_model.model.";
    private static final Set<String> COMMON = Set.of(
            "auto_mapping",
            "base_model_name_or_path",
            "fan_in_fan_out",
            "inference_mode",
            "peft_type",
            "peft_version",
            "revision",
            "task_type");
    private static final String FEED_FORWARD = "feedforward_modules";
    private static final Set<String> OWN =
            Set.of("target_modules", FEED_FORWARD, "exclude_modules", "init_ia3_weights", "modules_to_save");

    /** The name on disk of a module or parameter of the model. */
    static String onDisk(String name) {
        return PREFIX + name;
    }

    @Override
    public String configFile() {
        return "adapter_config.json";
    }

    @Override
    public String weightsFile() {
        return "adapter_model.safetensors";
    }

    @Override
    public boolean recognises(Map<String, Object> file) {
        return "IA3".equals(file.get("peft_type"));
    }

    /** An empty list of feed-forward modules means none of them, so only that one is kept. */
    @Override
    public Map<String, Object> read(Map<String, Object> file) {
        Map<String, Object> keys = new LinkedHashMap<>();
        file.forEach((key, value) -> {
            if (OWN.contains(key)) {
                if (!isEmpty(value) || (key.equals(FEED_FORWARD) && value != null)) {
                    keys.put(key, value);
                }
            } else if (!COMMON.contains(key) && !isEmpty(value) && !Boolean.FALSE.equals(value)) {
                throw new ConfigurationException("adapter_config.json sets '" + key + "' to " + value
                        + ", which this method does not do; it must be left out, null, false or empty");
            }
        });
        return keys;
    }

    @Override
    public Map<String, Object> write(Described adapter) {
        ModelView model = adapter.model();
        Map<String, Object> configuration = adapter.configuration();
        Ia3Config config = config(configuration);
        Choice targets = ScaledLayers.targetChoice(model, config);
        Map<String, Object> file = new TreeMap<>();
        file.put("auto_mapping", null);
        file.put("base_model_name_or_path", adapter.basePath());
        file.put("exclude_modules", written(config.excludeModules()));
        file.put("fan_in_fan_out", model.linears().anyMatch(LinearSite::inputMajor));
        file.put(FEED_FORWARD, feedForward(targets, ScaledLayers.feedForwardChoice(model, config)));
        file.put("inference_mode", true);
        file.put("init_ia3_weights", config.initIa3Weights());
        List<String> full = ScaledLayers.fullModules(model, config).names();
        file.put("modules_to_save", full.isEmpty() ? null : full);
        file.put("peft_type", "IA3");
        file.put("revision", null);
        file.put("target_modules", written(targets));
        Task task = model.description().task();
        file.put("task_type", task == Task.MASKED_LM ? null : task.name());
        return file;
    }

    /** PEFT refuses a list that is not part of the list of targets; a regular expression says the same. */
    private static Object feedForward(Choice targets, Choice feedForward) {
        if (feedForward.text().isPresent()
                || targets.text().isPresent()
                || targets.many().containsAll(feedForward.many())) {
            return written(feedForward);
        }
        return feedForward.many().stream().map(Ia3Format::escaped).collect(Collectors.joining("|", ".*(", ")"));
    }

    /** A name as a regular expression that both Java and Python read. */
    private static String escaped(String name) {
        return name.replaceAll("[^A-Za-z0-9_]", "\\\\$0");
    }

    private static Object written(Choice choice) {
        return choice == null ? null : choice.text().<Object>map(text -> text).orElseGet(choice::many);
    }

    private static Ia3Config config(Map<String, Object> keys) {
        return new Ia3Config(
                choice(keys.get("target_modules")),
                choice(keys.get(FEED_FORWARD)),
                choice(keys.get("exclude_modules")),
                null,
                !Boolean.FALSE.equals(keys.get("init_ia3_weights")),
                strings(keys.get("modules_to_save")).toList());
    }

    private static Choice choice(Object value) {
        if (value instanceof String text) {
            return Choice.of(text);
        }
        return value instanceof Collection<?> ? Choice.of(strings(value).toList()) : null;
    }

    private static Stream<String> strings(Object value) {
        return value instanceof Collection<?> list ? list.stream().map(String::valueOf) : Stream.empty();
    }

    private static boolean isEmpty(Object value) {
        return value == null || (value instanceof Collection<?> list && list.isEmpty());
    }
}
