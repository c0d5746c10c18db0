package dev.graft.methods.ia3;

import dev.graft.spi.config.Choice;
import dev.graft.spi.format.PeftKeys;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.model.LinearSite;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** PEFT's layout: {@code adapter_config.json} with {@code peft_type} IA3, and {@code adapter_model.safetensors}. */
final class Ia3Format implements AdapterFormat {
    private static final String FEED_FORWARD = "feedforward_modules";
    private static final PeftKeys KEYS = new PeftKeys(
            "IA3",
            Set.of("target_modules", FEED_FORWARD, "exclude_modules", "init_ia3_weights", "modules_to_save"),
            Set.of("fan_in_fan_out"));

    @Override
    public boolean recognises(Map<String, Object> file) {
        return KEYS.recognises(file);
    }

    /** An empty list of feed-forward modules means none of them, so only that one is kept. */
    @Override
    public Map<String, Object> read(Map<String, Object> file) {
        Map<String, Object> keys = KEYS.read(file);
        if (file.get(FEED_FORWARD) != null) {
            keys.put(FEED_FORWARD, file.get(FEED_FORWARD));
        }
        return keys;
    }

    @Override
    public Map<String, Object> write(Described adapter) {
        ModelView model = adapter.model();
        Map<String, Object> configuration = adapter.configuration();
        Ia3Config config = config(configuration);
        Choice targets = ScaledLayers.targetChoice(model, config);
        Map<String, Object> file = KEYS.write(adapter);
        file.put("exclude_modules", written(config.excludeModules()));
        file.put("fan_in_fan_out", model.linears().anyMatch(LinearSite::inputMajor));
        file.put(FEED_FORWARD, feedForward(targets, ScaledLayers.feedForwardChoice(model, config)));
        file.put("init_ia3_weights", config.initIa3Weights());
        List<String> full = ScaledLayers.fullModules(model, config).names();
        file.put("modules_to_save", full.isEmpty() ? null : full);
        file.put("target_modules", written(targets));
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
}
