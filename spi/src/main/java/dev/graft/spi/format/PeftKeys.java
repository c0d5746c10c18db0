package dev.graft.spi.format;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.AdapterFormat.Described;
import dev.graft.spi.model.Task;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/**
 * The keys of PEFT's {@code adapter_config.json}: those of one technique, and those that every file of PEFT has.
 *
 * @param type the technique's {@code peft_type}
 * @param own keys of the technique that become configuration
 * @param silent further keys that may hold anything, because they ask for nothing
 */
public record PeftKeys(String type, Set<String> own, Set<String> silent) {
    private static final Set<String> ALWAYS = Set.of(
            "auto_mapping",
            "base_model_name_or_path",
            "inference_mode",
            "peft_type",
            "peft_version",
            "revision",
            "task_type");

    /** Copies the sets. */
    public PeftKeys {
        own = Set.copyOf(own);
        silent = Set.copyOf(silent);
    }

    /** Whether a describing file is of the technique. */
    public boolean recognises(Map<String, Object> file) {
        return type.equals(file.get("peft_type"));
    }

    /**
     * The technique's keys that hold something, in the order of the file.
     *
     * @throws ConfigurationException if another key asks for something
     */
    public Map<String, Object> read(Map<String, Object> file) {
        return read(file, (key, value) -> false);
    }

    /**
     * The technique's keys that hold something, in the order of the file.
     *
     * @param usual whether another key asks, with this value, for what the technique does anyway
     * @throws ConfigurationException if another key asks for something else
     */
    public Map<String, Object> read(Map<String, Object> file, BiPredicate<String, Object> usual) {
        Map<String, Object> keys = new LinkedHashMap<>();
        file.forEach((key, value) -> {
            if (isEmpty(value)) {
                return;
            }
            if (own.contains(key)) {
                keys.put(key, value);
            } else if (!isSilent(key) && !Boolean.FALSE.equals(value) && !usual.test(key, value)) {
                throw new ConfigurationException("adapter_config.json sets '" + key + "' to " + value
                        + ", which this method does not do; it must be left out, null, false or empty");
            }
        });
        return keys;
    }

    private boolean isSilent(String key) {
        return ALWAYS.contains(key) || silent.contains(key);
    }

    /** The keys that every file of PEFT has, in alphabetical order, to which the technique's own are added. */
    public Map<String, Object> write(Described adapter) {
        Task task = adapter.model().description().task();
        Map<String, Object> file = new TreeMap<>();
        file.put("auto_mapping", null);
        file.put("base_model_name_or_path", adapter.basePath());
        file.put("inference_mode", true);
        file.put("peft_type", type);
        file.put("revision", null);
        file.put("task_type", task == Task.MASKED_LM ? null : task.name());
        return file;
    }

    /** Whether a value is null, an empty list or an empty map. */
    public static boolean isEmpty(Object value) {
        return value == null
                || (value instanceof Collection<?> list && list.isEmpty())
                || (value instanceof Map<?, ?> map && map.isEmpty());
    }
}
