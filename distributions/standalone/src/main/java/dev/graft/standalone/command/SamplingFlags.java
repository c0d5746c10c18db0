package dev.graft.standalone.command;

import dev.graft.kernel.checkpoint.Checkpoint;
import dev.graft.kernel.checkpoint.JsonCheckpointConfig;
import dev.graft.kernel.generate.SamplingOptions;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.tokenizer.AnswerEnd;
import dev.graft.spi.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Option;

/** The options that say how tokens are chosen, where they differ from what the checkpoint asks for. */
final class SamplingFlags {
    private static final int MAX_NEW_TOKENS = 128;
    private static final String GENERATION_CONFIG = "generation_config.json";

    @Option(
            names = "--max-new-tokens",
            paramLabel = "N",
            description = "Most tokens to generate. Default: max_new_tokens of generation_config.json, else "
                    + MAX_NEW_TOKENS + ".")
    private Integer maxNewTokens;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "Divisor of the logits; 0 always takes the most probable token. Default: temperature of"
                    + " generation_config.json where its do_sample is true, else 0.")
    private Double temperature;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            description = "Choose among the K most probable tokens; 0 among all. Default: top_k of"
                    + " generation_config.json, else 50.")
    private Integer topK;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            description = "Choose among the most probable tokens with this mass together. Default: top_p of"
                    + " generation_config.json, else 1.")
    private Double topP;

    @Option(
            names = "--repetition-penalty",
            paramLabel = "R",
            description = "How much less probable tokens become that are there already; 1 changes nothing. Default:"
                    + " repetition_penalty of generation_config.json, else 1.")
    private Double repetitionPenalty;

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            description = "End before this text; may be given several times. The end tokens (eos_token_id of"
                    + " generation_config.json, else of config.json, else the tokenizer's, and the one with which the chat"
                    + " template closes an answer) end a text as well.")
    private List<String> stop = new ArrayList<>();

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of the random numbers; the same seed gives the same text. Default: ${DEFAULT-VALUE}.")
    private long seed;

    /**
     * How to choose tokens with a model.
     *
     * @param checkpoint the model's configuration files
     * @throws ConfigurationException if a value is out of range, or has no effect on a greedy choice
     */
    SamplingOptions options(Checkpoint checkpoint, Tokenizer tokenizer) {
        JsonCheckpointConfig file = checkpoint
                .generationConfig()
                .orElseGet(() -> JsonCheckpointConfig.of(Path.of(GENERATION_CONFIG), Map.of()));
        SamplingOptions asked = SamplingOptions.of(sampling(file), MAX_NEW_TOKENS);
        double warmth = temperature == null ? asked.temperature() : temperature;
        if (warmth == 0 && (topK != null || topP != null)) {
            throw new ConfigurationException((topK != null ? "--top-k" : "--top-p")
                    + " is given, but the most probable token is always taken; --temperature must be above 0 for it");
        }
        return asked.withLength(asked.minNewTokens(), maxNewTokens == null ? asked.maxNewTokens() : maxNewTokens)
                .withTemperature(warmth)
                .withTop(topK == null ? asked.topK() : topK, topP == null ? asked.topP() : topP)
                .withRepetitionPenalty(repetitionPenalty == null ? asked.repetitionPenalty() : repetitionPenalty)
                .withStopStrings(stop)
                .withEndTokens(ends(asked.endTokens(), checkpoint.config(), tokenizer))
                .withSeed(seed);
    }

    /** The file as it would be if it asked for sampling, where a temperature is given. */
    private JsonCheckpointConfig sampling(JsonCheckpointConfig file) {
        if (temperature == null) {
            return file;
        }
        Map<String, Object> content = new LinkedHashMap<>(file.asMap());
        content.put("do_sample", temperature > 0);
        return JsonCheckpointConfig.of(Path.of(GENERATION_CONFIG), content);
    }

    private static Set<Integer> ends(Set<Integer> asked, JsonCheckpointConfig config, Tokenizer tokenizer) {
        Set<Integer> ends = new TreeSet<>(asked);
        if (ends.isEmpty()) {
            config.numbers("eos_token_id").forEach(id -> ends.add(id.intValue()));
        }
        if (ends.isEmpty()) {
            tokenizer.special("eos_token").ifPresent(ends::add);
        }
        AnswerEnd.of(tokenizer).ifPresent(end -> ends.add(end.token()));
        return ends;
    }
}
