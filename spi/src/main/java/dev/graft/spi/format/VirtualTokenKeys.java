package dev.graft.spi.format;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.AdapterFormat.Described;
import dev.graft.spi.method.FullModules;
import dev.graft.spi.method.KeyValueTable;
import dev.graft.spi.model.ModelDescription;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The keys of PEFT's {@code adapter_config.json} for techniques whose virtual tokens stand in front of a text: beside
 * their own, they tell the size of the model.
 *
 * @param keys the technique's keys and those of every file
 */
public record VirtualTokenKeys(PeftKeys keys) {
    private static final Set<String> SIZES = Set.of("num_attention_heads", "num_layers", "token_dim");
    private static final String STACKS = "num_transformer_submodules";
    private static final String MODULES = "modules_to_save";

    /**
     * The keys of a technique.
     *
     * @param type its {@code peft_type}
     * @param own keys that become configuration
     * @param silent further keys that may hold anything, because they ask for nothing
     */
    public static VirtualTokenKeys of(String type, Set<String> own, Set<String> silent) {
        return new VirtualTokenKeys(new PeftKeys(
                type, own, Stream.concat(SIZES.stream(), silent.stream()).collect(Collectors.toUnmodifiableSet())));
    }

    /** Whether a describing file is of the technique. */
    public boolean recognises(Map<String, Object> file) {
        return keys.recognises(file);
    }

    /**
     * The technique's keys that hold something, in the order of the file.
     *
     * @throws ConfigurationException if another key asks for something, or the file is for a model of two stacks
     */
    public Map<String, Object> read(Map<String, Object> file) {
        if (file.get(STACKS) instanceof Number stacks && stacks.intValue() > 1) {
            throw new ConfigurationException("adapter_config.json sets '" + STACKS + "' to " + stacks
                    + ", virtual tokens for encoder and decoder; those of models with one stack are supported");
        }
        return keys.read(file, VirtualTokenKeys::isUsual);
    }

    /** A head that learns along is all that a technique has which does not choose modules. */
    private static boolean isUsual(String key, Object value) {
        return key.equals(STACKS)
                || (key.equals(MODULES) && value instanceof Collection<?> names && FullModules.areHeads(names));
    }

    /**
     * The keys of a file whose virtual tokens are vectors at the input of the model, in alphabetical order, to which the
     * technique's own are added.
     */
    public Map<String, Object> write(Described adapter) {
        ModelDescription model = adapter.model().description();
        return write(adapter, model.heads(), model.layers(), model.hidden());
    }

    /**
     * The keys of a file whose virtual tokens are keys and values of every block, in alphabetical order, to which the
     * technique's own are added.
     */
    public Map<String, Object> write(Described adapter, KeyValueTable table) {
        return write(adapter, table.sites().get(0).keyHeads(), table.sites().size(), table.blockWidth());
    }

    private Map<String, Object> write(Described adapter, int heads, int layers, int width) {
        Map<String, Object> file = keys.write(adapter);
        file.put(MODULES, modules(adapter));
        file.put("num_attention_heads", heads);
        file.put("num_layers", layers);
        file.put(STACKS, 1);
        file.put("token_dim", width);
        return file;
    }

    /** PEFT trains the head of a classifier along and names what it may be called. */
    private static Object modules(Described adapter) {
        Set<Object> names =
                new LinkedHashSet<>(FullModules.heads(adapter.model()).names());
        if (adapter.configuration().get(MODULES) instanceof Collection<?> chosen) {
            names.addAll(chosen);
        }
        return names.isEmpty() ? null : names.stream().toList();
    }
}
