package dev.graft.standalone.model;

import dev.graft.kernel.generate.Generation;
import dev.graft.kernel.generate.GenerationRequest;
import dev.graft.kernel.generate.Generator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A text with the time it took.
 *
 * @param generation the text
 * @param seconds from the start of its batch to its last token
 */
public record TimedGeneration(Generation generation, double seconds) {
    /**
     * Generates from a batch of prompts.
     *
     * @param text told of every piece of text of every row
     */
    public static List<TimedGeneration> of(
            Generator generator, List<GenerationRequest> requests, Consumer<String> text) {
        long start = System.nanoTime();
        double[] seconds = new double[requests.size()];
        List<Generation> generations = generator.generate(requests, (row, id, piece) -> {
            seconds[row] = (System.nanoTime() - start) / 1e9;
            text.accept(piece);
            return true;
        });
        List<TimedGeneration> timed = new ArrayList<>();
        for (int row = 0; row < seconds.length; row++) {
            timed.add(new TimedGeneration(generations.get(row), seconds[row]));
        }
        return timed;
    }

    /** New tokens for each second. */
    public double tokensPerSecond() {
        return seconds == 0 ? 0 : generation.ids().length / seconds;
    }

    /** Why it ended, in small letters. */
    public String finish() {
        return generation.finish().name().toLowerCase(Locale.ROOT);
    }

    /** Text and figures as one tree, for other programs. */
    public Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("text", generation.text());
        tree.put("tokens", generation.ids().length);
        tree.put("ids", Arrays.stream(generation.ids()).boxed().toList());
        tree.put("finish_reason", finish());
        tree.put("seconds", seconds);
        tree.put("tokens_per_second", tokensPerSecond());
        return tree;
    }
}
