package dev.graft.kernel.recipe;

import dev.graft.spi.config.Key;
import java.util.Map;

/**
 * A plugin and its options. In YAML the options stand beside {@code id}, not below a key of their own; a bare string is
 * an id without options.
 *
 * @param id the plugin's id; {@code id@version} asks for one version
 * @param options the plugin's own keys, already known to fit its configuration record
 */
public record PluginSection(
        @Key(value = "The plugin's id", required = true) String id,
        @Key("The plugin's own keys") Map<String, Object> options) {

    /** A plugin with its defaults. */
    public static PluginSection of(String id) {
        return new PluginSection(id, Map.of());
    }
}
