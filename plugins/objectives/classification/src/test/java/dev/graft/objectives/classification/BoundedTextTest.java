package dev.graft.objectives.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.graft.spi.objective.Sequence;
import dev.graft.spi.tokenizer.Tokenizer;
import dev.graft.tokenizers.huggingface.HuggingFaceTokenizerProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Encodes with the word pieces of the reference cases; skipped where those are absent. */
class BoundedTextTest {
    private static final String FIRST = "isn't it quiet";
    private static final String SECOND = "the rain stopped.";

    private Tokenizer tokenizer;

    @BeforeEach
    void openTokenizer() {
        String named = System.getenv("GRAFT_FIXTURES");
        Path folder = Path.of(named == null ? "../../../../shared/fixtures" : named)
                .resolve("tokenizers")
                .resolve("wordpiece-bert");
        assumeThat(Files.isDirectory(folder))
                .as("%s is there; GRAFT_FIXTURES names the folder of reference cases", folder)
                .isTrue();
        tokenizer = new HuggingFaceTokenizerProvider().load(folder);
    }

    @AfterEach
    void closeTokenizer() {
        if (tokenizer != null) {
            tokenizer.close();
        }
    }

    private String read(Sequence sequence) {
        StringBuilder tokens = new StringBuilder();
        for (int id : sequence.ids()) {
            tokens.append(tokens.isEmpty() ? "" : " ").append(tokenizer.token(id));
        }
        return tokens.toString();
    }

    @Test
    void aTextThatFitsIsEncodedWithItsSpecialTokens() {
        Sequence sequence = BoundedText.encode(tokenizer, SECOND, null, 6);

        assertThat(read(sequence)).isEqualTo("[CLS] the rain stopped . [SEP]");
        assertThat(sequence.labels()).isNull();
        assertThat(sequence.types()).isNull();
    }

    @Test
    void aLongTextLosesItsEndButNoSpecialToken() {
        assertThat(read(BoundedText.encode(tokenizer, SECOND, null, 5))).isEqualTo("[CLS] the rain stopped [SEP]");
        assertThat(read(BoundedText.encode(tokenizer, SECOND, null, 2))).isEqualTo("[CLS] [SEP]");
    }

    @Test
    void aPairHasTokenTypes() {
        Sequence sequence = BoundedText.encode(tokenizer, FIRST, SECOND, 64);

        assertThat(read(sequence)).isEqualTo("[CLS] isn ' t it quiet [SEP] the rain stopped . [SEP]");
        assertThat(sequence.types()).containsExactly(0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1);
    }

    @Test
    void ofALongPairTheLongerTextLosesFirst() {
        Sequence longFirst = BoundedText.encode(tokenizer, FIRST, SECOND, 11);
        Sequence even = BoundedText.encode(tokenizer, FIRST, SECOND, 9);

        assertThat(read(longFirst)).isEqualTo("[CLS] isn ' t it [SEP] the rain stopped . [SEP]");
        assertThat(longFirst.types()).containsExactly(0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1);
        assertThat(read(even)).isEqualTo("[CLS] isn ' t [SEP] the rain stopped [SEP]");
    }

    @Test
    void anEmptySecondTextLosesNothing() {
        assertThat(read(BoundedText.encode(tokenizer, SECOND, "", 5))).isEqualTo("[CLS] the rain [SEP] [SEP]");
        assertThat(read(BoundedText.encode(tokenizer, "", SECOND, 5))).isEqualTo("[CLS] [SEP] the rain [SEP]");
    }
}
