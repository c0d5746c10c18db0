package dev.graft.tokenizers.huggingface;

import dev.graft.spi.tokenizer.Tokenizer;
import dev.graft.spi.tokenizer.TokenizerProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;

/** Reads tokenizers in Hugging Face's {@code tokenizer.json} format. */
public final class HuggingFaceTokenizerProvider implements TokenizerProvider {
    /** Does nothing. */
    public HuggingFaceTokenizerProvider() {}

    @Override
    public String id() {
        return "huggingface";
    }

    @Override
    public String summary() {
        return "tokenizer.json with its added tokens and chat templates";
    }

    @Override
    public boolean supports(Path directory) {
        return Files.isRegularFile(directory.resolve(TokenizerFiles.TOKENIZER));
    }

    @Override
    public Tokenizer load(Path directory) {
        return HuggingFaceTokenizer.load(directory, Clock.system(ZoneId.systemDefault()));
    }
}
