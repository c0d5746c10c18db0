package dev.graft.tokenizers.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.spi.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokenizers of published checkpoints. */
class RealTokenizersTest {
    static Stream<Path> tokenizers() {
        return Shared.folders("GRAFT_REAL", "real", "models").stream();
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void ordinaryTextComesBackUnchanged(Path directory) {
        String text = "Once upon a time, there was a little girl named Lily. She said: \"It's fun!\"";
        try (Tokenizer tokenizer = new HuggingFaceTokenizerProvider().load(directory)) {
            int[] ids = tokenizer.encode(text, true).ids();

            assertThat(ids).isNotEmpty();
            assertThat(tokenizer.decode(ids, true)).isEqualTo(text);
        }
    }
}
