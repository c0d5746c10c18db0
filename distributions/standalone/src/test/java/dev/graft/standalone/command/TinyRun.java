package dev.graft.standalone.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A recipe that trains for real within a second: one small block with random weights on a few commands. */
final class TinyRun {
    private static final Path STARTER = Path.of("../../examples/starter/model");

    private final Path directory;

    TinyRun(Path directory) throws IOException {
        this.directory = directory;
        Path model = Files.createDirectories(directory.resolve("tiny"));
        for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
            Files.copy(STARTER.resolve(file), model.resolve(file));
        }
        ObjectMapper json = new ObjectMapper();
        ObjectNode config =
                (ObjectNode) json.readTree(STARTER.resolve("config.json").toFile());
        config.put("hidden_size", 16)
                .put("intermediate_size", 32)
                .put("num_hidden_layers", 1)
                .put("num_attention_heads", 2)
                .put("num_key_value_heads", 1)
                .put("head_dim", 8);
        json.writeValue(model.resolve("config.json").toFile(), config);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            lines.append(String.format(
                    Locale.ROOT, "{\"prompt\": \"set the heat to %d\", \"completion\": \" heat %d\"}%n", i, i));
        }
        Files.writeString(directory.resolve("data.jsonl"), lines);
        Files.writeString(directory.resolve("recipe.yaml"), """
                model: {path: tiny, from_scratch: true}
                method: {id: lora, r: 2, target_modules: all-linear}
                objective: causal-lm
                schedule: {learning_rate: 1e-2}
                data: {train: data.jsonl, eval_fraction: 0.25, batch_size: 4, max_length: 32}
                training: {steps: 6, evaluate_every: 3, save_every: 2, keep: 9}
                show: {prompts: [set the heat to 3], max_new_tokens: 4}
                """);
    }

    Path recipe() {
        return directory.resolve("recipe.yaml");
    }

    Path data() {
        return directory.resolve("data.jsonl");
    }

    Path run(String name) {
        return directory.resolve(name);
    }

    /** Arguments that train into a directory of that name. */
    String[] train(String name, String... more) {
        String[] arguments = new String[3 + more.length];
        arguments[0] = "train";
        arguments[1] = recipe().toString();
        arguments[2] = "output=" + run(name);
        System.arraycopy(more, 0, arguments, 3, more.length);
        return arguments;
    }
}
