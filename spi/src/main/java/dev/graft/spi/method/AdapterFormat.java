package dev.graft.spi.method;

import java.util.Map;

/**
 * How adapters of a method look on disk: one JSON file that describes and one safetensors file that holds tensors, in
 * the layout of the library where the method is at home. Maps hold strings, numbers, truth values, lists and maps.
 */
public interface AdapterFormat {
    /** Name of the describing file, for instance {@code adapter_config.json}. */
    String configFile();

    /** Name of the tensor file, for instance {@code adapter_model.safetensors}. */
    String weightsFile();

    /** Whether a describing file found on disk is of this method. */
    boolean recognises(Map<String, Object> file);

    /**
     * The method's configuration keys out of a describing file.
     *
     * @throws dev.graft.spi.config.ConfigurationException if the file asks for something this method does not do
     */
    Map<String, Object> read(Map<String, Object> file);

    /**
     * The describing file for an adapter.
     *
     * @param configuration the method's configuration keys
     * @param model the model it is attached to
     * @param basePath what the base model was loaded from, for {@code base_model_name_or_path}
     */
    Map<String, Object> write(Map<String, Object> configuration, ModelView model, String basePath);
}
