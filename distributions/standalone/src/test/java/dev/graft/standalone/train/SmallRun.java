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
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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
            writePairs(directory);
            writeEncoder(Files.createDirectories(directory.resolve("encoder")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new SmallRun(directory);
    }

    private static void writePairs(Path directory) throws IOException {
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            String prompt = WHO[i % 5] + " " + DOES[i % 4];
            String chosen = WHO[(i + 1) % 5] + " again".repeat(i % 3);
            String rejected = WHO[(i + 3) % 5] + " never".repeat(i % 2);
            pairs.add("{\"prompt\": \"" + prompt + "\", \"chosen\": \"" + chosen + "\", \"rejected\": \"" + rejected
                    + "\"}");
        }
        writeKinds(directory);
        Files.write(directory.resolve("pairs.jsonl"), pairs.subList(0, 11));
        Files.write(directory.resolve("eval-pairs.jsonl"), pairs.subList(11, 14));
    }

    /** What is done in a sentence, and of what kind who does it is. */
    private static void writeKinds(Path directory) throws IOException {
        List<String> kinds = new ArrayList<>();
        List<String> deeds = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            String text =
                    "{\"text\": \"" + WHO[i % 5] + " " + DOES[i % 4] + " " + WHO[(i + 3) % 5] + "\", \"label\": \"";
            kinds.add(text + (i % 5 == 2 ? "person" : i % 5 == 4 ? "nobody" : "animal") + "\"}");
            deeds.add(text + "deed" + i % 4 + "\"}");
        }
        Files.write(directory.resolve("kinds.jsonl"), kinds.subList(0, 9));
        Files.write(directory.resolve("eval-kinds.jsonl"), kinds.subList(9, 12));
        Files.write(directory.resolve("deeds.jsonl"), deeds);
    }

    /**
     * Changes that make the run one of three tasks, two of which classify into different classes. All share an adapter, and
     * each has one of its own, along with the head of those that classify.
     *
     * @param more further changes
     */
    static String[] tasks(String... more) {
        List<String> changes = List.of(
                "objective=null",
                "data=null",
                "tasks=[{name: talk, objective: causal-lm, data: {train: train.jsonl, eval: eval.jsonl, batch_size: 2}},"
                        + " {name: kinds, objective: classification, data: {train: kinds.jsonl, eval: eval-kinds.jsonl,"
                        + " batch_size: 2}},"
                        + " {name: deeds, objective: classification, data: {train: deeds.jsonl, batch_size: 3, shuffle: false}}]",
                "method=[{id: lora, r: 4, lora_dropout: 0.1, target_modules: [c_attn, c_fc]},"
                        + " {id: lora, name: kinds-own, r: 2, target_modules: [c_proj], tasks: [kinds]},"
                        + " {id: ia3, name: deeds-own, target_modules: [c_attn], feedforward_modules: [], tasks: [deeds]},"
                        + " {id: ia3, name: talk-own, target_modules: [c_attn], feedforward_modules: [], tasks: [talk]}]");
        return Stream.concat(changes.stream(), Stream.of(more)).toArray(String[]::new);
    }

    /** A BERT of two small blocks that knows the words of the sentences. */
    private static void writeEncoder(Path encoder) throws IOException {
        TreeSet<String> words = new TreeSet<>(List.of("again"));
        Stream.concat(Stream.of(WHO), Stream.of(DOES)).forEach(part -> words.addAll(List.of(part.split(" "))));
        List<String> all = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
        all.addAll(words);
        String vocabulary = IntStream.range(0, all.size())
                .mapToObj(id -> "\"" + all.get(id) + "\": " + id)
                .collect(Collectors.joining(", "));
        String special = IntStream.range(0, 5)
                .mapToObj(id -> "{\"id\": " + id + ", \"content\": \"" + all.get(id) + "\", \"special\": true,"
                        + " \"single_word\": false, \"lstrip\": false, \"rstrip\": false, \"normalized\": false}")
                .collect(Collectors.joining(", "));
        Files.writeString(encoder.resolve("tokenizer.json"), """
                {"version": "1.0", "added_tokens": [%s], "normalizer": null,
                 "pre_tokenizer": {"type": "WhitespaceSplit"},
                 "post_processor": {"type": "TemplateProcessing",
                  "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                             {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
                  "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
                  "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
                                     "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]}}},
                 "decoder": null,
                 "model": {"type": "WordLevel", "vocab": {%s}, "unk_token": "[UNK]"}}
                """.formatted(special, vocabulary));
        Files.writeString(encoder.resolve("tokenizer_config.json"), """
                {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]",
                 "mask_token": "[MASK]"}
                """);
        Files.writeString(encoder.resolve("config.json"), """
                {"architectures": ["BertForMaskedLM"], "model_type": "bert", "vocab_size": %d, "hidden_size": 32,
                 "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2,
                 "max_position_embeddings": 64, "pad_token_id": 0}
                """.formatted(all.size()));
    }

    /** Changes that make the run one of each objective: its own section, and the data and the model it needs. */
    static Stream<List<String>> objectives() {
        return Stream.of(
                List.of("objective=causal-lm"),
                List.of(tasks(
                        "mixing={sampling: temperature, weighting: uncertainty, gradient_accumulation: 2}",
                        "training.epochs=3")),
                List.of(
                        "objective=null",
                        "data=null",
                        "tasks=[{name: talk, objective: causal-lm, weight: 0.5, data: train.jsonl},"
                                + " {name: prefer, objective: {id: dpo, loss_type: ipo, precompute_ref_log_probs: true}, data: {train:"
                                + " pairs.jsonl, eval: eval-pairs.jsonl, batch_size: 2}}]",
                        "mixing={sampling: equal}",
                        "training.epochs=3"),
                pairs("objective={id: dpo, beta: 0.5}"),
                pairs(
                        "objective={id: dpo, loss_type: ipo, precompute_ref_log_probs: true}",
                        "data.packing=true",
                        "data.max_length=64"),
                pairs("objective={id: dpo, loss_type: kto_pair, share_prompt: false}"),
                pairs("objective={id: reward, center_rewards_coefficient: 0.01}"),
                pairs(
                        "objective={id: ppo, rollout_size: 5, num_ppo_epochs: 2, response_length: 6, kl_target: 1, entropy_coef: 0.01}",
                        "scorer=letter"),
                List.of(
                        "objective={id: masked-lm, mlm_probability: 0.3, whole_word_mask: true}",
                        "model={path: encoder, from_scratch: true}",
                        "method={id: lora, r: 4, lora_dropout: 0.1, target_modules: [query, value]}"));
    }

    private static List<String> pairs(String... changes) {
        return Stream.concat(Stream.of("data.train=pairs.jsonl", "data.eval=eval-pairs.jsonl"), Stream.of(changes))
                .toList();
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
