package dev.graft.starter;

import dev.graft.starter.grammar.Grammar;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** The pretraining corpus: documents of plain English that the project's grammars write. */
public final class Corpus {

    /** How many documents of a thousand begin with which rule. */
    private static final Map<String, Integer> SHARES = new TreeMap<>(Map.of(
            "story", 350,
            "description", 150,
            "dialogue", 110,
            "household", 90,
            "question", 110,
            "listing", 25,
            "record", 60,
            "note", 20,
            "scene", 35,
            "diary", 50));

    private final Grammar grammar;
    private final long seed;

    /**
     * Prepares a corpus.
     *
     * @param seed decides every document; the same seed gives the same corpus
     */
    public Corpus(long seed) {
        this.grammar = Grammars.plainEnglish();
        this.seed = seed;
    }

    /** The document of that number. */
    public String document(long index) {
        RandomGenerator random = Dice.of(seed, index);
        String rule = kind(random.nextInt(1000));
        String text = grammar.expand(rule, random).text();
        return rule.equals("scene") ? inChatFormat(text) : text;
    }

    /**
     * Writes documents until they hold the asked amount of text.
     *
     * @param bytes how much text to write, in bytes of UTF-8
     * @param sink receives the documents in order
     */
    public void write(long bytes, Consumer<String> sink) {
        long written = 0;
        for (long index = 0; written < bytes; index++) {
            String document = document(index);
            sink.accept(document);
            written += document.getBytes(StandardCharsets.UTF_8).length;
        }
    }

    private static String kind(int draw) {
        int left = draw;
        for (Map.Entry<String, Integer> share : SHARES.entrySet()) {
            left -= share.getValue();
            if (left < 0) {
                return share.getKey();
            }
        }
        throw new AssertionError("the shares of the corpus do not add up to a thousand");
    }

    /** Turns lines of {@code name<TAB>words} into turns of the chat format, names taking the place of roles. */
    private static String inChatFormat(String scene) {
        StringBuilder out = new StringBuilder();
        for (String line : List.of(scene.split("\n"))) {
            String[] turn = line.split("\t", 2);
            out.append(SpecialTokens.TURN_START).append(turn[0]).append('\n');
            out.append(turn[1]).append(SpecialTokens.TURN_END).append('\n');
        }
        return out.toString();
    }
}
