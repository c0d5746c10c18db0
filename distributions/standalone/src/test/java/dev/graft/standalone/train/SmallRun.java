package dev.graft.standalone.train;

import dev.graft.kernel.checkpoint.DownloadListener;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.plugin.ServiceLoaderHost;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.recipe.RecipeReader;
import dev.graft.kernel.train.Trainer;
import dev.graft.standalone.command.Defaults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A run that takes seconds: a GPT-2 of three small blocks with random weights and its usual dropout, on a few sentences.
 *
 * @param directory where its model, data and output go
 */
record SmallRun(Path directory) {
    private static final String[] WHO = {"the cat", "a dog", "my friend", "one of the birds", "nobody"};
    private static final String[] DOES = {"sees", "likes the song of", "runs after", "talks to"};

    /** Writes the model and the data. */
    static SmallRun in(Path directory) {
        try {
            Path model = Files.createDirectories(directory.resolve("model"));
            Path starter = Path.of("../../examples/starter/model");
            for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
                Files.copy(starter.resolve(file), model.resolve(file));
            }
            Files.writeString(model.resolve("config.json"), """
                    {"architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "vocab_size": 2048,
                     "n_embd": 32, "n_head": 2, "n_layer": 3, "n_positions": 64,
                     "bos_token_id": 0, "eos_token_id": 0, "pad_token_id": 1}
                    """);
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < 14; i++) {
                String text = WHO[i % 5] + " " + DOES[i % 4] + " " + WHO[(i + 2) % 5] + " again".repeat(i % 3);
                lines.add("{\"text\": \"" + text + "\"}");
            }
            Files.write(directory.resolve("train.jsonl"), lines.subList(0, 11));
            Files.write(directory.resolve("eval.jsonl"), lines.subList(11, 14));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new SmallRun(directory);
    }

    /** The plugins of the class path. */
    static PluginRegistry plugins() {
        return new ServiceLoaderHost(SmallRun.class.getClassLoader()).registry();
    }

    /** A trainer that downloads nothing. */
    static Trainer trainer() {
        return new Trainer(plugins(), DownloadListener.SILENT);
    }

    /** Where an output goes. */
    Path output(String name) {
        return directory.resolve(name);
    }

    /** The recipe with some of its keys changed. */
    Recipe recipe(String output, String... changes) {
        String yaml = """
                model: {path: model, from_scratch: true}
                method: {id: lora, r: 4, lora_dropout: 0.1, target_modules: [c_attn, c_fc]}
                objective: causal-lm
                optimizer: {id: adamw, weight_decay: 0.01}
                schedule: {learning_rate: 0.01, kind: cosine, warmup_steps: 2}
                data:
                  train: train.jsonl
                  eval: eval.jsonl
                  batch_size: 2
                  eval_batch_size: 2
                  gradient_accumulation: 2
                training: {epochs: 2, seed: 7, evaluate_every: 2, save_every: 4}
                engine: {id: torch, threads: 1}
                output: %s
                """.formatted(output(output));
        return new RecipeReader(plugins(), Defaults.SECTIONS, directory).read(yaml, directory, List.of(changes));
    }
}
