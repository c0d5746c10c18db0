package dev.graft.kernel.train;

import dev.graft.kernel.data.BatchSource;
import dev.graft.kernel.safetensors.EngineArrays;
import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.kernel.safetensors.SafetensorsWriter;
import dev.graft.kernel.safetensors.TensorData;
import dev.graft.kernel.storage.AtomicDirectory;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.optimizer.Optimizer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes and reads what a run needs to go on as if it had never stopped: parameters, optimizer, counters, experience. */
final class RunCheckpoint {
    private static final String PARAMETERS = "parameters.safetensors";
    private static final String OPTIMIZER = "optimizer.safetensors";
    private static final String STATE = "state.json";

    private final Engine engine;
    private final TrainedParameters parameters;
    private final BatchSource source;

    RunCheckpoint(Engine engine, TrainedParameters parameters, BatchSource source) {
        this.engine = engine;
        this.parameters = parameters;
        this.source = source;
    }

    /** Writes a directory, whole or not at all. */
    void write(Path directory, RunState state, Optimizer optimizer) {
        AtomicDirectory.write(directory, entry -> true, target -> {
            writeParameters(target.resolve(PARAMETERS));
            Map<String, TensorData> moments = new LinkedHashMap<>();
            optimizer.state().forEach((name, array) -> moments.put(name, EngineArrays.data(engine, array)));
            SafetensorsWriter.write(target.resolve(OPTIMIZER), moments);
            source.write(target);
            JsonFile.write(target.resolve(STATE), state.toMap());
        });
    }

    /**
     * Reads a directory back into the parameters, the source of batches and the optimizer.
     *
     * @throws ConfigurationException if something in it is missing or damaged; the optimizer is then as it was, the
     *     others may not be
     */
    RunState read(Path directory, Optimizer optimizer) {
        AtomicDirectory.recover(directory);
        Path file = directory.resolve(STATE);
        RunState state = RunState.of(JsonFile.read(file), file);
        readParameters(directory.resolve(PARAMETERS));
        source.read(directory);
        Map<String, Array> moments = new LinkedHashMap<>();
        try (SafetensorsFile stored = SafetensorsFile.open(directory.resolve(OPTIMIZER))) {
            stored.contents().forEach((name, data) -> moments.put(name, EngineArrays.copy(engine, data)));
        } catch (RuntimeException e) {
            moments.values().forEach(Array::close);
            throw e;
        }
        optimizer.restore(moments, state.counters());
        return state;
    }

    /** Writes the parameters alone. */
    void writeParameters(Path file) {
        Map<String, TensorData> values = new LinkedHashMap<>();
        for (TrainedParameters.Named named : parameters.all()) {
            values.put(named.name(), EngineArrays.data(engine, array(named)));
        }
        variables().forEach((name, array) -> values.put(name, EngineArrays.data(engine, array)));
        SafetensorsWriter.write(file, values);
    }

    /** Overwrites the parameters with those of a file. */
    void readParameters(Path path) {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            Map<String, Array> arrays = variables();
            parameters.all().forEach(named -> arrays.put(named.name(), array(named)));
            arrays.forEach((name, array) -> {
                if (file.find(name).isEmpty()) {
                    throw new ConfigurationException(path + " lacks '" + name
                            + "', which the run's recipe trains: the run was begun with another recipe");
                }
                Shape found = file.tensor(name).shape();
                if (!found.equals(array.shape())) {
                    throw new ConfigurationException(path + ": '" + name + "' has shape " + found
                            + " where the run's recipe asks for " + array.shape()
                            + ": the run was begun with another recipe");
                }
                try (Array stored = EngineArrays.copy(engine, file.tensor(name))) {
                    engine.copyInPlace(array, stored);
                }
            });
        }
    }

    /** What the attachments change themselves, by names that are unique in the run. */
    private Map<String, Array> variables() {
        Map<String, Array> arrays = new LinkedHashMap<>();
        parameters
                .learning()
                .forEach(adapter -> adapter.variables()
                        .forEach((name, variable) -> arrays.put(adapter.name() + "/" + name, adapter.array(variable))));
        return arrays;
    }

    private static Array array(TrainedParameters.Named named) {
        return named.adapter().array(named.parameter());
    }
}
