package dev.graft.hosts.osgi;

import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.recipe.RecipeReader;
import dev.graft.kernel.train.Trainer;
import dev.graft.kernel.train.TrainingEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * A run of six steps on a small model with random weights.
 *
 * @param directory where its model, data and outputs go
 */
record TinyRun(Path directory) {
    static final int STEPS = 6;

    private static final Path STARTER = Path.of("../../examples/starter/model");

    static TinyRun in(Path directory) {
        try {
            Path model = Files.createDirectories(directory.resolve("model"));
            for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
                Files.copy(STARTER.resolve(file), model.resolve(file));
            }
            Files.writeString(model.resolve("config.json"), """
                    {"architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "vocab_size": 2048,
                     "n_embd": 16, "n_head": 2, "n_layer": 2, "n_positions": 64,
                     "bos_token_id": 0, "eos_token_id": 0, "pad_token_id": 1}
                    """);
            Files.writeString(
                    directory.resolve("train.jsonl"),
                    "{\"text\": \"the cat sees a dog\"}\n{\"text\": \"nobody runs after the birds\"}\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new TinyRun(directory);
    }

    /**
     * Trains.
     *
     * @param method as a recipe has it
     * @param stepped told the number of every step when it is done
     * @return the run's directory
     */
    Path train(PluginRegistry registry, String method, String output, LongConsumer stepped) {
        String recipe = """
                model: {path: model, from_scratch: true}
                method: %s
                objective: causal-lm
                optimizer: adamw
                engine: torch
                schedule: {learning_rate: 0.01}
                data: {train: train.jsonl, max_length: 32, batch_size: 2}
                training: {steps: %d, seed: 7}
                output: %s
                """.formatted(method, STEPS, directory.resolve(output));
        TrainingEvent last = new Trainer(registry, (file, done, total) -> {})
                .train(new RecipeReader(registry, Map.of(), directory).read(recipe, directory, List.of()))
                .doOnNext(event -> {
                    if (event instanceof TrainingEvent.Stepped step) {
                        stepped.accept(step.step());
                    }
                })
                .blockLast();
        if (!(last instanceof TrainingEvent.Finished)) {
            throw new AssertionError("training ended with " + last);
        }
        return directory.resolve(output);
    }

    /** What a run has learnt, to the bit. */
    static byte[] learnt(Path run) {
        try {
            return Files.readAllBytes(run.resolve("adapter/adapter_model.safetensors"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What its manifest says made it. */
    static String manifest(Path run) {
        try {
            return Files.readString(run.resolve("adapter/graft_manifest.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
