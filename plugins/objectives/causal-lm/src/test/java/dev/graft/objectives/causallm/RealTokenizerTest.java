package dev.graft.objectives.causallm;

import static dev.graft.objectives.causallm.Encodings.DEFAULTS;
import static dev.graft.objectives.causallm.Encodings.chat;
import static dev.graft.objectives.causallm.Encodings.conversation;
import static dev.graft.objectives.causallm.Encodings.encode;
import static dev.graft.objectives.causallm.Encodings.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.graft.objectives.causallm.CausalLmConfig.ChatUse;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.tokenizer.Tokenizer;
import dev.graft.tokenizers.huggingface.HuggingFaceTokenizerProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RealTokenizerTest {
    private static final DataRecord CAFE =
            record("prompt", "What is open?", "completion", "The café \uD83D\uDE42, they said.");

    /** A tokenizer among the reference cases; the test is skipped where they are absent. */
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

    private static String learned(Tokenizer tokenizer, Example example) {
        return tokenizer.decode(
                IntStream.of(example.sequences().get(0).labels())
                        .filter(label -> label != -100)
                        .toArray(),
                false);
    }

    @Test
    void chatAnswersAreLearnedToTheEndOfTheirTurn() {
        try (Tokenizer tokenizer = tokenizer("byte-level-bpe-chatml")) {
            Example example = encode(
                            DEFAULTS,
                            tokenizer,
                            conversation(
                                    "user",
                                    "Hi",
                                    "assistant",
                                    "The café \uD83D\uDE42",
                                    "user",
                                    "So?",
                                    "assistant",
                                    "No."))
                    .orElseThrow();

            assertThat(tokenizer.decode(example.sequences().get(0).ids(), false))
                    .isEqualTo("""
                            <|im_start|>user
                            Hi<|im_end|>
                            <|im_start|>assistant
                            The café \uD83D\uDE42<|im_end|>
                            <|im_start|>user
                            So?<|im_end|>
                            <|im_start|>assistant
                            No.<|im_end|>
                            """);
            assertThat(learned(tokenizer, example)).isEqualTo("The café \uD83D\uDE42<|im_end|>\nNo.<|im_end|>\n");
        }
    }

    @Test
    void completionsAreLearnedWithTheEndOfTheSequence() {
        try (Tokenizer tokenizer = tokenizer("byte-level-bpe-chatml")) {
            Example example = encode(chat(ChatUse.NEVER), tokenizer, CAFE).orElseThrow();

            assertThat(learned(tokenizer, example)).isEqualTo("The café \uD83D\uDE42, they said.<|im_end|>");
        }
    }

    @Test
    void theBeginningOfTheSequenceIsReadOnceAndNotLearned() {
        try (Tokenizer tokenizer = tokenizer("byte-fallback-bpe-llama")) {
            int begin = tokenizer.special("bos_token").orElseThrow();
            for (ChatUse use : ChatUse.values()) {
                Sequence sequence = encode(chat(use), tokenizer, CAFE)
                        .orElseThrow()
                        .sequences()
                        .get(0);

                assertThat(sequence.ids()).as(use.name()).startsWith(begin).containsOnlyOnce(begin);
                assertThat(sequence.labels()).as(use.name()).doesNotContain(begin);
            }
        }
    }

    @Test
    void charactersOfTokensAddUpToTheText() {
        for (String name : new String[] {"byte-level-bpe-chatml", "byte-fallback-bpe-llama"}) {
            try (Tokenizer tokenizer = tokenizer(name)) {
                String text = " The café \uD83D\uDE42 微调一个模型, they  said.";
                Example example =
                        encode(DEFAULTS, tokenizer, record("text", text)).orElseThrow();
                int first = example.sequences().get(0).ids()[0];
                boolean begun = tokenizer.special("bos_token").orElseThrow() == first;
                int unpredicted =
                        begun ? 0 : tokenizer.decode(new int[] {first}, false).length();

                assertThat(example.values().get("characters_per_token") * (example.tokens() - 1))
                        .as(name)
                        .isCloseTo(text.codePointCount(0, text.length()) - unpredicted, within(1e-9));
            }
        }
    }
}
