package dev.graft.starter;

import dev.graft.starter.grammar.Expansion;
import dev.graft.starter.grammar.Grammar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A labelled data set that a grammar writes, in a part to train on and a part that is held out.
 *
 * @param name its folder
 * @param train records to train on
 * @param test records that are held out: nothing that decides the answer is in {@code train} in the same combination
 */
record LabelledData(String name, List<Map<String, Object>> train, List<Map<String, Object>> test) {

    /** One example, before it is known to which part it belongs. */
    private record Example(Map<String, Object> fields, String combination) {}

    /**
     * Requests to a house with the action each stands for: {@code prompt} and {@code completion}. No action that is asked for in the
     * held-out part is ever asked for in training; each of its words is.
     */
    static LabelledData commands(long seed) {
        return draw("commands", Grammars.commands(), "command", seed, 2000, 200, expansion -> {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("prompt", expansion.text());
            fields.put("completion", " " + expansion.column("action"));
            return new Example(fields, expansion.column("action"));
        });
    }

    /** Short texts with the feeling in them: {@code text} and {@code label}, one of six. */
    static LabelledData feelings(long seed) {
        return draw("feelings", Grammars.feelings(), "feeling", seed, 2000, 300, expansion -> {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("text", expansion.text().strip());
            fields.put("label", expansion.column("label"));
            return new Example(fields, expansion.text());
        });
    }

    /** Conversations with a helper: {@code messages}. Every other one begins with a system message. */
    static LabelledData chat(long seed) {
        return draw("chat", Grammars.chat(), "dialog", seed, 1500, 100, expansion -> {
            List<Map<String, String>> messages = new ArrayList<>();
            for (String line : List.of(expansion.text().split("\n"))) {
                String[] turn = line.split("\t", 2);
                Map<String, String> message = new LinkedHashMap<>();
                message.put("role", turn[0]);
                message.put("content", turn[1]);
                messages.add(message);
            }
            return new Example(Map.of("messages", messages), expansion.text());
        });
    }

    /** Letters from a long voyage: {@code text}. */
    static LabelledData letters(long seed) {
        return draw(
                "letters",
                Grammars.letters(),
                "voyage_letter",
                seed,
                300,
                30,
                expansion -> new Example(Map.of("text", expansion.text()), expansion.text()));
    }

    /** The wording of the records to train on, without their structure. */
    List<String> texts() {
        List<String> texts = new ArrayList<>();
        train.forEach(fields -> fields.values().forEach(value -> collect(value, texts)));
        return texts;
    }

    private static void collect(Object value, List<String> texts) {
        if (value instanceof String text) {
            texts.add(text);
        } else if (value instanceof List<?> list) {
            list.forEach(item -> collect(item, texts));
        } else if (value instanceof Map<?, ?> map) {
            collect(map.get("content"), texts);
        } else {
            throw new IllegalStateException("a record holds " + value + ", which is neither text nor a conversation");
        }
    }

    /** The data sets that the vocabulary is learnt from along with the corpus. */
    static List<LabelledData> all(long seed) {
        return List.of(commands(seed), feelings(seed), chat(seed), letters(seed));
    }

    /**
     * Draws examples until both parts are full. A combination belongs to one part for good, by its hash; the same record never comes twice.
     */
    private static LabelledData draw(
            String name,
            Grammar grammar,
            String rule,
            long seed,
            int trainSize,
            int testSize,
            Function<Expansion, Example> reader) {
        Set<Map<String, Object>> train = new LinkedHashSet<>();
        Set<Map<String, Object>> test = new LinkedHashSet<>();
        for (long index = 0; train.size() < trainSize || test.size() < testSize; index++) {
            Example example = reader.apply(grammar.expand(rule, Dice.of(seed, index)));
            boolean heldOut = Math.floorMod(example.combination().hashCode() * 0x9E3779B1, 10) == 0;
            Set<Map<String, Object>> part = heldOut ? test : train;
            if (part.size() < (heldOut ? testSize : trainSize)) {
                part.add(example.fields());
            }
        }
        return new LabelledData(name, List.copyOf(train), List.copyOf(test));
    }
}
