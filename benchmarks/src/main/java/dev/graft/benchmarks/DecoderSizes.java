package dev.graft.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Measures of the Llama decoder that is measured, as options of a command. */
final class DecoderSizes {
    @Option(names = "--layers", defaultValue = "12", description = "Blocks (default: ${DEFAULT-VALUE}).")
    private int layers;

    @Option(names = "--width", defaultValue = "768", description = "Hidden width (default: ${DEFAULT-VALUE}).")
    private int width;

    @Option(names = "--ffn", defaultValue = "2048", description = "Feed-forward width (default: ${DEFAULT-VALUE}).")
    private int feedForward;

    @Option(names = "--heads", defaultValue = "12", description = "Attention heads (default: ${DEFAULT-VALUE}).")
    private int heads;

    @Option(names = "--vocab", defaultValue = "32000", description = "Vocabulary (default: ${DEFAULT-VALUE}).")
    private int vocabulary;

    /** Number of token ids. */
    int vocabulary() {
        return vocabulary;
    }

    /** Writes the {@code config.json} of such a decoder into a directory. */
    void write(Path directory) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("model_type", "llama");
        config.put("architectures", List.of("LlamaForCausalLM"));
        config.put("hidden_size", width);
        config.put("intermediate_size", feedForward);
        config.put("num_hidden_layers", layers);
        config.put("num_attention_heads", heads);
        config.put("num_key_value_heads", heads);
        config.put("vocab_size", vocabulary);
        config.put("max_position_embeddings", 2048);
        try {
            new ObjectMapper().writeValue(directory.resolve("config.json").toFile(), config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
