package dev.graft.tck.method;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.model.Weight;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.tck.bench.Bench;
import dev.graft.tck.bench.TinyTokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A model in memory and the adapters attached to it, which are released with it. */
public final class Stage implements AutoCloseable {
    private static final double FAR = 0.2;

    private final MethodTrial<?> trial;
    private final DType dtype;
    private final LoadedModel model;
    private final List<AttachedAdapter> adapters = new ArrayList<>();

    Stage(MethodTrial<?> trial, DType dtype) {
        this.trial = trial;
        this.dtype = dtype;
        Bench bench = trial.bench();
        this.model = dtype == DType.FLOAT64 ? bench.loadDouble(trial.model()) : bench.load(trial.model());
    }

    /** The model. */
    public LoadedModel model() {
        return model;
    }

    /** The engine. */
    public Engine engine() {
        return model.tensors().engine();
    }

    /** A new adapter, begun with numbers drawn from a seed. */
    public AttachedAdapter fresh(long seed) {
        return fresh(trial, "a" + seed, seed);
    }

    private <C extends Record> AttachedAdapter fresh(MethodTrial<C> own, String name, long seed) {
        List<AttachedAdapter> parts = new ArrayList<>();
        for (MethodDeclaration.PartTried part : own.tried().parts()) {
            String partName = name + "p" + parts.size();
            AttachedAdapter made = attach(
                    trial.bench().registry().method(part.method()), part.keys(), partName, seed, List.of(), List.of());
            parts.add(moved(made, seed + parts.size()));
        }
        return keep(attach(own.provider(), own.tried().keys(), name, seed, List.of(), parts));
    }

    private <C extends Record> AttachedAdapter attach(
            MethodProvider<C> provider,
            Map<String, Object> keys,
            String name,
            long seed,
            List<AttachedAdapter> below,
            List<AttachedAdapter> parts) {
        RandomStream random = trial.bench().random("adapter " + seed);
        AdapterBuilder.Setting setting = new AdapterBuilder.Setting(name, random, dtype, new TinyTokenizer(), null, "");
        C configuration = ConfigurationBinder.bind(provider.configuration(), keys, "method");
        return AdapterBuilder.attach(model, provider, configuration, setting.over(below, parts));
    }

    /** A new adapter of another method, attached after one that is there. */
    public <C extends Record> AttachedAdapter other(MethodProvider<C> provider, String name, AttachedAdapter below) {
        return keep(attach(provider, Map.of(), name, 1, List.of(below), List.of()));
    }

    /** A new adapter whose parameters have all moved away from where they begin. */
    public AttachedAdapter moved(long seed) {
        return moved(fresh(seed), seed);
    }

    /** One whose parameters have moved and that computes what its files hold. */
    public AttachedAdapter settled(long seed) {
        return settled(moved(seed));
    }

    /** The adapter itself if it computes what its files hold; else what was saved and loaded in its place. */
    public AttachedAdapter settled(AttachedAdapter adapter) {
        if (trial.can(Capability.SAVE_ANY_TIME)) {
            return adapter;
        }
        AttachedAdapter again = load(save(adapter)).get(0);
        release(adapter);
        return again;
    }

    /** Moves the parameters of an adapter. */
    public AttachedAdapter moved(AttachedAdapter adapter, long seed) {
        RandomStream random = trial.bench().random("noise " + seed);
        for (Parameter parameter : adapter.attachment().parameters()) {
            Array value = adapter.array(parameter);
            try (Array noise = engine().normal(value.shape(), value.dtype(), random.next())) {
                engine().addInPlace(value, noise, FAR);
            }
        }
        return adapter;
    }

    /** Saves an adapter to a new folder. */
    public Path save(AttachedAdapter... saved) {
        Path folder = trial.bench().newFolder().resolve(saved[0].name());
        loader().save(folder, "base", model, List.of(saved));
        return folder;
    }

    /** Attaches the adapters of a folder. */
    public List<AttachedAdapter> load(Path folder) {
        List<AttachedAdapter> loaded = loader().load(folder, model);
        loaded.forEach(this::keep);
        return loaded;
    }

    private AdapterLoader loader() {
        return new AdapterLoader(trial.bench().registry(), new TinyTokenizer());
    }

    private AttachedAdapter keep(AttachedAdapter adapter) {
        adapters.add(adapter);
        return adapter;
    }

    /** Releases an adapter. */
    public void release(AttachedAdapter adapter) {
        adapters.remove(adapter);
        adapter.release();
    }

    /** The values of all parameters of an adapter, by name. */
    public static Map<String, float[]> values(AttachedAdapter adapter) {
        Map<String, float[]> values = new LinkedHashMap<>();
        adapter.attachment()
                .parameters()
                .forEach(parameter ->
                        values.put(parameter.name(), parameter.tensor().floats()));
        return values;
    }

    /** The values of the base's weights, by name. */
    public Map<String, float[]> weights() {
        Map<String, float[]> values = new LinkedHashMap<>();
        for (Weight weight : model.weights().all()) {
            values.put(weight.name(), weight.tensor().floats());
        }
        return values;
    }

    @Override
    public void close() {
        List.copyOf(adapters).forEach(this::release);
        model.close();
    }
}
