package dev.graft.spi.format;

import dev.graft.spi.method.AdapterFormat.Described;
import dev.graft.spi.model.ModelDescription;
import java.util.Map;
import java.util.TreeMap;

/** The keys that every describing file of AdapterHub has, and the files of a head that learned along. */
public final class AdapterHubKeys {
    /** The tensor file of a head. */
    public static final String HEAD = "model_head.safetensors";

    private static final String VERSION = "adapters.1.2.0";

    private AdapterHubKeys() {}

    /** The keys that say what model an adapter is for, in alphabetical order, to which others are added. */
    public static Map<String, Object> write(Described adapter) {
        ModelDescription model = adapter.model().description();
        Map<String, Object> file = new TreeMap<>();
        file.put("hidden_size", model.hidden());
        file.put("model_class", model.architecture());
        file.put("model_name", adapter.basePath());
        file.put("model_type", model.modelType());
        file.put("version", VERSION);
        return file;
    }

    /** The describing file of a head, by its name. */
    public static Map<String, Map<String, Object>> writeHead(Described adapter) {
        Map<String, Object> head = write(adapter);
        head.put("name", null);
        head.put("num_labels", adapter.model().description().labels());
        return Map.of("head_config.json", head);
    }
}
