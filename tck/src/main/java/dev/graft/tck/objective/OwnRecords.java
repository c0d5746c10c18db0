package dev.graft.tck.objective;

import java.util.List;
import java.util.Map;

/**
 * The kit's own records: four of different lengths, each with the columns of every usual kind of data, so that an objective finds
 * those it reads. They hold small letters, as {@link dev.graft.tck.bench.TinyTokenizer} has a token for each.
 */
final class OwnRecords {
    static final List<Map<String, Object>> ALL = List.of(
            record("the cat sat. it slept", "say hello", "hello there", "go away", "a"),
            record("rain fell all day", "name a fruit", "apple", "a stone", "b"),
            record("he ran. she sang. we ate", "sum up", "so it goes", "no", "c"),
            record("a dog barks", "what is it", "it is a dog that barks", "a cat", "a"));

    private OwnRecords() {}

    private static Map<String, Object> record(String text, String prompt, String better, String worse, String label) {
        return Map.of(
                "text", text,
                "prompt", prompt,
                "completion", better,
                "chosen", better,
                "rejected", worse,
                "label", label);
    }
}
