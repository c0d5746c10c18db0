package dev.graft.standalone.command;

import dev.graft.kernel.checkpoint.JsonCheckpointConfig;
import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.plugin.ServiceLoaderHost;
import dev.graft.kernel.recipe.RecipeReader;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.Checkpoints;
import dev.graft.kernel.train.Trainer;
import dev.graft.kernel.train.TrainingEvent;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.model.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A directory with a tiny model that has a tokenizer and a chat template, and what tests make of it. */
final class Workplace {
    private static final int VOCABULARY = 2048;
    private static final Path TOKENIZER = Path.of("../../examples/starter/model");
    private static final List<String> TOKENIZER_FILES =
            List.of("tokenizer.json", "tokenizer_config.json", "generation_config.json");

    private final Path root;

    Workplace(Path root) {
        this.root = root;
    }

    /** A file in it. */
    Path file(String name, String content) {
        try {
            return Files.writeString(root.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A model with random weights, large enough that greedy texts differ from prompt to prompt. */
    Path model() {
        return model(VOCABULARY);
    }

    /** The same with another number of tokens. */
    Path model(int vocabulary) {
        Path directory = root.resolve("model");
        if (Files.exists(directory)) {
            return directory;
        }
        JsonCheckpointConfig config = JsonCheckpointConfig.of(directory.resolve("config.json"), config(vocabulary));
        try (Bench bench = new Bench();
                LoadedModel model = bench.random(config, Task.CAUSAL_LM, 0, 5)) {
            Checkpoints.write(bench, model, config, directory, name -> name);
        }
        copyTokenizer(directory, TOKENIZER_FILES);
        return directory;
    }

    /** A model of which there is no more than its configuration and its tokenizer. */
    Path blank() {
        Path directory = root.resolve("blank");
        JsonFile.write(directory.resolve("config.json"), config(VOCABULARY));
        copyTokenizer(directory, TOKENIZER_FILES);
        return directory;
    }

    /** A fresh adapter of the model whose update is not zero. */
    Path lora(String name, long seed) {
        Map<String, Object> options = Map.of("r", 4, "lora_alpha", 64, "init_lora_weights", false);
        Path directory = root.resolve(name);
        Path base = model();
        try (Bench bench = new Bench();
                LoadedModel model = bench.load(base)) {
            AttachedAdapter adapter = attach(model, bench.registry().method("lora"), options, seed);
            try {
                new AdapterLoader(bench.registry()).save(directory, base.toString(), model, List.of(adapter));
            } finally {
                adapter.release();
            }
        }
        return directory;
    }

    private static <C extends Record> AttachedAdapter attach(
            LoadedModel model, MethodProvider<C> method, Map<String, Object> options, long seed) {
        C configuration = ConfigurationBinder.bind(method.configuration(), options, "method");
        return AdapterBuilder.attach(model, method, configuration, AdapterBuilder.Setting.fresh(method.id(), seed));
    }

    /** Trains for a few steps, through the kernel, and gives the run's directory. */
    Path run(String name, Path model, boolean fromScratch, String method) {
        String texts = "{\"text\": \"one two three\"}\n{\"text\": \"four five six\"}\n";
        return run(name, model, fromScratch, method, "causal-lm", texts);
    }

    /** The same with a classifier of two classes, {@code no} and {@code yes}. */
    Path classifier(String name) {
        String texts = "{\"text\": \"one\", \"label\": \"no\"}\n{\"text\": \"two\", \"label\": \"yes\"}\n";
        return run(name, model(), false, "lora", "classification", texts);
    }

    private Path run(String name, Path model, boolean fromScratch, String method, String objective, String data) {
        String recipe =
                """
                model: {path: %s, from_scratch: %s}
                method: %s
                objective: %s
                optimizer: sgd
                schedule: {learning_rate: 0.5}
                data: {train: %s, max_length: 32, batch_size: 2}
                training: {steps: 3, seed: 7}
                output: %s
                """.formatted(model, fromScratch, method, objective, file(name + ".jsonl", data), root.resolve(name));
        train(file(name + ".yaml", recipe));
        return root.resolve(name);
    }

    /** Runs a recipe; throws what ends it. */
    static void train(Path recipe) {
        PluginRegistry plugins = new ServiceLoaderHost(Workplace.class.getClassLoader()).registry();
        TrainingEvent last = new Trainer(plugins, (file, done, total) -> {})
                .train(new RecipeReader(plugins, Defaults.SECTIONS, recipe.getParent()).read(recipe, List.of()))
                .blockLast();
        if (!(last instanceof TrainingEvent.Finished)) {
            throw new AssertionError("training ended with " + last);
        }
    }

    private static Map<String, Object> config(int vocabulary) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("model_type", "llama");
        config.put("architectures", List.of("LlamaForCausalLM"));
        config.put("vocab_size", vocabulary);
        config.put("hidden_size", 16);
        config.put("intermediate_size", 24);
        config.put("num_hidden_layers", 2);
        config.put("num_attention_heads", 2);
        config.put("num_key_value_heads", 1);
        config.put("hidden_act", "silu");
        config.put("max_position_embeddings", 64);
        config.put("initializer_range", 0.3);
        config.put("rms_norm_eps", 1e-5);
        config.put("rope_theta", 10000.0);
        config.put("tie_word_embeddings", true);
        config.put("eos_token_id", 0);
        config.put("torch_dtype", "float32");
        return config;
    }

    private static void copyTokenizer(Path directory, List<String> files) {
        try {
            for (String file : files) {
                Files.copy(TOKENIZER.resolve(file), directory.resolve(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
