package dev.graft.tck.tokenizer;

import dev.graft.spi.tokenizer.Tokenizer;
import dev.graft.spi.tokenizer.TokenizerProvider;
import dev.graft.tck.bench.Bench;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A tokenizer plugin with files it reads: a vocabulary of fifteen words in the format of Hugging Face's libraries, or what an author
 * gives it.
 *
 * @param bench where files are
 * @param provider the plugin
 * @param directory the files
 */
public record TokenizerTrial(Bench bench, TokenizerProvider provider, Path directory) {
    /** Texts of words that the kit's vocabulary has. */
    static final List<String> TEXTS = List.of("hello world", "the model learns", "a small adapter", "hello");

    private static final List<String> FILES = List.of("tokenizer.json", "tokenizer_config.json");

    /** A trial with the kit's own files. */
    public static TokenizerTrial of(Bench bench, TokenizerProvider provider) {
        Path directory = bench.newFolder();
        for (String name : FILES) {
            try (InputStream in = TokenizerTrial.class.getResourceAsStream(name)) {
                Files.copy(in, directory.resolve(name));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new TokenizerTrial(bench, provider, directory);
    }

    Tokenizer load() {
        return provider.load(directory);
    }

    @Override
    public String toString() {
        return "the files in " + directory.getFileName();
    }
}
