package dev.graft.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.generate.GenerationRequest;
import dev.graft.kernel.generate.Generator;
import dev.graft.kernel.generate.SamplingOptions;
import dev.graft.kernel.model.ModelDirectory;
import dev.graft.kernel.testing.Bench;
import dev.graft.spi.tokenizer.Tokenizer;
import dev.graft.standalone.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerateCommandTest {
    @TempDir
    Path directory;

    private Workplace place;
    private String model;

    @BeforeEach
    void writeModel() {
        place = new Workplace(directory);
        model = place.model().toString();
    }

    private Run generate(String... arguments) {
        List<String> all = new ArrayList<>(List.of("generate", "--max-new-tokens", "8"));
        all.addAll(List.of(arguments));
        return Run.graft(all.toArray(String[]::new));
    }

    @Test
    void greedyTextIsThatOfTheKernelsGenerator() {
        Run run = generate("--model", model, "--prompt", "one two");

        assertThat(run.code()).isZero();
        assertThat(run.out()).isEqualTo(expected("one two") + System.lineSeparator());
        assertThat(run.err()).isEmpty();
    }

    private String expected(String prompt) {
        try (Bench bench = new Bench();
                LoadedModel loaded = bench.load(Path.of(model));
                Tokenizer tokenizer = ModelDirectory.tokenizer(bench.registry(), Path.of(model))) {
            int[] ids = tokenizer.encode(prompt, true).ids();
            SamplingOptions greedy = SamplingOptions.greedy(8).withEndTokens(Set.of(0, 3));
            return new Generator(loaded, tokenizer)
                    .generate(new GenerationRequest(ids, List.of(), greedy))
                    .text();
        }
    }

    @Test
    void everyRowOfABatchUsesItsOwnAdapter() {
        String first = place.lora("first", 1).toString();
        String second = place.lora("second", 2).toString();

        Run batch = generate(
                "--model",
                model,
                "--json",
                "--prompt",
                "one",
                "--prompt",
                "one",
                "--prompt",
                "one two three",
                "--adapter",
                first,
                "--adapter",
                "-",
                "--adapter",
                second);

        assertThat(Lines.texts(batch))
                .containsExactly(
                        alone("one", "--adapter", first), alone("one"), alone("one two three", "--adapter", second))
                .doesNotHaveDuplicates();
        assertThat(Lines.of(batch))
                .extracting(line -> line.path("adapter").asText())
                .containsExactly(first, "base", second);
    }

    private String alone(String prompt, String... adapter) {
        List<String> arguments = new ArrayList<>(List.of("--model", model, "--json", "--prompt", prompt));
        arguments.addAll(List.of(adapter));
        return Lines.texts(generate(arguments.toArray(String[]::new))).get(0);
    }

    @Test
    void oneAdapterIsForAllPromptsAndNamesTheModelToo() {
        String adapter = place.lora("first", 1).toString();

        Run run = generate("--adapter", adapter, "--prompt", "one", "--prompt", "two", "--json", "--batch-size", "1");

        assertThat(Lines.texts(run))
                .containsExactly(alone("one", "--adapter", adapter), alone("two", "--adapter", adapter));
    }

    @Test
    void jsonTellsWhatWasMadeAndWhyItEnded() {
        JsonNode line = Lines.of(generate("--model", model, "--prompt", "one", "--json"))
                .get(0);

        assertThat(line.path("prompt").asText()).isEqualTo("one");
        assertThat(line.path("tokens").asInt())
                .isEqualTo(line.path("ids").size())
                .isBetween(1, 8);
        assertThat(line.path("finish_reason").asText()).isIn("max_new_tokens", "end_token");
        assertThat(line.path("seconds").asDouble()).isPositive();
        assertThat(line.path("tokens_per_second").asDouble()).isPositive();
    }

    @Test
    void promptsComeFromAFileOrFromStandardInputAsWell() {
        Path lines = place.file("prompts.txt", "one two\n\nthree\n");
        Path records = place.file("prompts.jsonl", "{\"prompt\": \"one two\"}\n{\"prompt\": \"three\"}\n");
        List<String> expected = List.of(alone("one two"), alone("three"));

        assertThat(Lines.texts(generate("--model", model, "--json", "--file", lines.toString())))
                .isEqualTo(expected);
        assertThat(Lines.texts(generate("--model", model, "--json", "--file", records.toString())))
                .isEqualTo(expected);
        Run typed = Run.typing("one two\n", "generate", "--max-new-tokens", "8", "--model", model, "--json");
        assertThat(Lines.texts(typed)).containsExactly(expected.get(0));
    }

    @Test
    void theCheckpointsGenerationConfigDecidesWhatIsNotSaid() {
        place.file(
                "model/generation_config.json",
                "{\"do_sample\": true, \"temperature\": 3.0, \"max_new_tokens\": 5, \"eos_token_id\": 0}");
        String[] plain = {"generate", "--model", model, "--prompt", "one", "--json"};
        String[] seeded = {"generate", "--model", model, "--prompt", "one", "--json", "--seed", "9"};
        String[] greedy = {"generate", "--model", model, "--prompt", "one", "--json", "--temperature", "0"};

        assertThat(Lines.of(Run.graft(plain)).get(0).path("tokens").asInt()).isEqualTo(5);
        assertThat(Lines.texts(Run.graft(plain))).isEqualTo(Lines.texts(Run.graft(plain)));
        assertThat(Lines.texts(Run.graft(seeded))).isNotEqualTo(Lines.texts(Run.graft(plain)));
        assertThat(Lines.texts(Run.graft(greedy))).isNotEqualTo(Lines.texts(Run.graft(plain)));
    }

    @Test
    void aPromptCanGoThroughTheChatTemplate() {
        String turn = "<|im_start|>user\none<|im_end|>\n<|im_start|>assistant\n";

        Run chat = generate("--model", model, "--json", "--chat", "--prompt", "one");

        assertThat(Lines.texts(chat)).containsExactly(alone(turn));
    }

    @Test
    void aRunStandsForItsModelWithItsAdapterEvenWhenItsDataAreGone() throws IOException {
        Path run = place.run("run", Path.of(model), false, "{id: lora, r: 2, init_lora_weights: false}");
        Files.delete(directory.resolve("run.jsonl"));
        String adapter = run.resolve("adapter").toString();

        Run named = generate(run.toString(), "--json", "--prompt", "one", "--prompt", "two");
        Run compared = generate(
                run.toString(),
                "--json",
                "--prompt",
                "one",
                "--prompt",
                "one",
                "--adapter",
                run.toString(),
                "--adapter",
                "base");

        assertThat(Lines.texts(named))
                .containsExactly(alone("one", "--adapter", adapter), alone("two", "--adapter", adapter));
        assertThat(Lines.texts(compared)).containsExactly(alone("one", "--adapter", adapter), alone("one"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--prompt a | no model is named; give RUN, a directory that graft train wrote, or --model",
                "--model MODEL --prompt a --adapter base --adapter base | --adapter is given 2 times for 1 prompt; give"
                        + " it once for all, or once for each prompt",
                "--model MODEL --prompt a --adapter MODEL/none | there is no directory MODEL/none",
                "--model MODEL --prompt a --temperature -1 | temperature is -1.0; it must be 0 (greedy) or more",
                "--model MODEL --prompt a --top-k 3 | --top-k is given, but the most probable token is always taken;"
                        + " --temperature must be above 0 for it",
                "--model MODEL --prompt a --dtype int8 | Invalid value for option '--dtype': 'int8' is not one of"
                        + " float32, bfloat16, float16 (see graft generate --help)",
                "--model MODEL --prompt a --file b | --prompt and --file are both given; only one of them is allowed",
                "--model MODEL --file MODEL/none.txt | there is no file MODEL/none.txt",
                "--model MODEL --prompt a --batch-size 0 | --batch-size is 0; it must be at least 1",
                "MODEL --model MODEL --prompt a | RUN and --model are both given; a run has its own model, so only one"
                        + " of them is allowed",
                "MODEL --prompt a | MODEL holds no run: there is no recipe.yaml in it; --model names a model",
                "MODEL/none --prompt a | there is no run directory MODEL/none"
            })
    void whatDoesNotFitIsOneSentence(String arguments, String message) {
        Run run = generate(arguments.replace("MODEL", model).split(" ", -1));

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).isEqualToIgnoringNewLines("graft: " + message.replace("MODEL", model));
        assertThat(run.out()).isEmpty();
    }
}
