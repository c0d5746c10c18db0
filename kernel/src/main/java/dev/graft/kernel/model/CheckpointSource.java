package dev.graft.kernel.model;

import dev.graft.kernel.checkpoint.Checkpoint;
import dev.graft.kernel.compose.WeightSource;
import dev.graft.kernel.safetensors.EngineArrays;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Shape;

/** The tensors of a checkpoint, which it closes with itself. */
record CheckpointSource(Checkpoint checkpoint) implements WeightSource {
    @Override
    public boolean contains(String name) {
        return checkpoint.contains(name);
    }

    @Override
    public Shape shape(String name) {
        return checkpoint
                .find(name)
                .orElseThrow(() -> new IllegalArgumentException("no tensor " + name))
                .shape();
    }

    @Override
    public Array load(Engine engine, String name) {
        return EngineArrays.share(engine, checkpoint.tensor(name));
    }

    @Override
    public String describe() {
        return checkpoint.directory().toString();
    }

    @Override
    public void close() {
        checkpoint.close();
    }
}
