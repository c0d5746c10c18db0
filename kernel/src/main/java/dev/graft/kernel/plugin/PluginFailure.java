package dev.graft.kernel.plugin;

import dev.graft.spi.config.ConfigurationException;
import java.util.function.Supplier;

/** A plugin did not do what it was asked for, through no fault of the input. The message names it and the cause. */
public final class PluginFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private PluginFailure(Plugin plugin, Throwable cause) {
        super(plugin + " of " + plugin.provenance() + " failed: " + Failures.reason(cause), cause);
    }

    /**
     * Has a plugin make something.
     *
     * @throws ConfigurationException if it refuses what it was given
     * @throws PluginFailure if it fails in any other way, for want of a class for instance
     */
    public static <T> T guard(Plugin plugin, Supplier<T> make) {
        try {
            return make.get();
        } catch (ConfigurationException | PluginFailure told) {
            throw told;
        } catch (RuntimeException | LinkageError failure) {
            throw new PluginFailure(plugin, failure);
        }
    }
}
