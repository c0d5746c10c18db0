package dev.graft.methods.hardprompt;

import static dev.graft.methods.hardprompt.Examples.context;
import static dev.graft.methods.hardprompt.Examples.keys;
import static dev.graft.methods.hardprompt.Examples.objective;
import static dev.graft.methods.hardprompt.Examples.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.tokenizer.Tokenizer;
import dev.graft.tokenizers.huggingface.HuggingFaceTokenizerProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RealTokenizersTest {
    private static final DataRecord RAIN = record(1, "text", "The café is open", "label", "joy");

    private static Tokenizer tokenizer(String name) {
        String named = System.getenv("GRAFT_FIXTURES");
        Path folder = Path.of(named == null ? "../../../../shared/fixtures" : named)
                .resolve("tokenizers")
                .resolve(name);
        assumeThat(Files.isDirectory(folder))
                .as("%s is there; GRAFT_FIXTURES names the folder of reference cases", folder)
                .isTrue();
        return new HuggingFaceTokenizerProvider().load(folder);
    }

    /** Prompt and word are, one after the other, the whole text. */
    private static void readsAsOneText(String name, String template, String text) {
        try (Tokenizer tokenizer = tokenizer(name)) {
            Objective objective = objective(
                    keys(template, "verbalizer", Map.of("joy", List.of("wonderful"), "anger", List.of("terrible"))));
            Example example = objective.encode(RAIN, context(tokenizer, 99)).orElseThrow();
            int place = Questions.place(example);
            int[] prompt = IntStream.of(example.sequences().get(0).ids())
                    .limit(place + 1L)
                    .toArray();
            int[] whole = IntStream.concat(IntStream.of(prompt), IntStream.of(Questions.tokens(example, 1)))
                    .toArray();

            assertThat(tokenizer.decode(whole, true))
                    .isEqualTo(tokenizer.decode(tokenizer.encode(text, true).ids(), true));
        }
    }

    @Test
    void causalPromptsWithTheirWordsReadAsTheWholeText() {
        for (String name : List.of("byte-fallback-bpe-llama", "byte-level-bpe-chatml")) {
            readsAsOneText(name, "{text}. It was {mask}", "The café is open. It was wonderful");
            readsAsOneText(name, "{text}\nMood:\n{mask}", "The café is open\nMood:\nwonderful");
        }
    }

    @Test
    void maskedPromptsAreTheTokensOfATextWithTheMaskInIt() {
        try (Tokenizer tokenizer = tokenizer("wordpiece-bert")) {
            String word = tokenizer.token(tokenizer.encode("the", false).ids()[0]);
            String other = tokenizer.token(tokenizer.encode("is", false).ids()[0]);
            Objective objective = objective(keys(
                    "It was ({mask}). {text}",
                    "task",
                    "MASKED_LM",
                    "verbalizer",
                    Map.of("joy", List.of(word), "anger", List.of(other))));
            Example example = objective.encode(RAIN, context(tokenizer, 99)).orElseThrow();

            assertThat(example.sequences().get(0).ids())
                    .isEqualTo(tokenizer
                            .encode("It was ([MASK]). The café is open", true)
                            .ids());
            assertThat(example.sequences().get(0).ids()[Questions.place(example)])
                    .isEqualTo(tokenizer.special("mask_token").orElseThrow());
        }
    }
}
