package dev.graft.starter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What a document of the corpus tells right before it names a feeling, with that feeling as its label: a task to learn from few
 * examples. The documents are of the kind that the starter model was pretrained on, but none of those.
 */
final class Moods {
    /** Far behind the last document of the pretraining corpus. */
    private static final long FIRST_DOCUMENT = 10_000_000;

    /** Behind all documents that the other data is made from. */
    private static final long FIRST_TOLD = 30_000_000;

    private static final long FIRST_SNIPPET = 40_000_000;

    private static final int SNIPPETS = 2000;

    private static final int SHORTEST = 15;
    private static final int LONGEST = 120;

    private static final Map<String, List<String>> WORDS = new TreeMap<>(Map.of(
            "joy", List.of("happy", "glad", "pleased", "proud"),
            "sadness", List.of("sad", "unhappy", "lonely", "disappointed", "gloomy"),
            "anger", List.of("angry", "cross", "annoyed", "upset"),
            "fear", List.of("afraid", "scared", "frightened", "worried", "nervous")));

    private static final Pattern SENTENCE_END = Pattern.compile("(?<=[.!?]|[.!?]\")\\s+");

    private final Map<String, String> moods = new HashMap<>();
    private final Pattern named;
    private final Corpus corpus;

    private Moods(Corpus corpus) {
        this.corpus = corpus;
        WORDS.forEach((mood, words) -> words.forEach(word -> moods.put(word, mood)));
        named = Pattern.compile("\\b(" + String.join("|", moods.keySet()) + ")\\b");
    }

    /** The data set: {@code text} and {@code label}, one of four, which take turns, so that every beginning of it is balanced. */
    static LabelledData data(long seed) {
        List<Map<String, Object>> records = new Moods(new Corpus(seed)).records(FIRST_DOCUMENT, 150, Set.of());
        return new LabelledData("moods", records.subList(0, 400), records.subList(400, 600));
    }

    /** The same task from other documents, larger: what an annotator learns. It has no text in common with {@link #data}. */
    static LabelledData told(long seed) {
        List<Map<String, Object>> records = new Moods(new Corpus(seed)).records(FIRST_TOLD, 250, texts(data(seed)));
        return new LabelledData("told", records.subList(0, 800), records.subList(800, 1000));
    }

    /** Texts of the task without their labels, as they come: none of them is in {@link #data} or {@link #told}. */
    static List<Map<String, Object>> snippets(long seed) {
        Moods moods = new Moods(new Corpus(seed));
        Set<String> taken = new HashSet<>(texts(data(seed)));
        taken.addAll(texts(told(seed)));
        return LongStream.iterate(FIRST_SNIPPET, index -> index + 1)
                .mapToObj(moods::text)
                .flatMap(Optional::stream)
                .filter(text -> !taken.contains(text))
                .distinct()
                .limit(SNIPPETS)
                .map(text -> Map.<String, Object>of("text", text))
                .toList();
    }

    private Optional<String> text(long index) {
        String document = corpus.document(index);
        Matcher word = named.matcher(document);
        return word.find() ? before(document.substring(0, word.start())) : Optional.empty();
    }

    private static Set<String> texts(LabelledData data) {
        return Stream.of(data.train(), data.test())
                .flatMap(List::stream)
                .map(fields -> (String) fields.get("text"))
                .collect(Collectors.toSet());
    }

    private List<Map<String, Object>> records(long first, int ofEach, Set<String> taken) {
        Map<String, Set<String>> texts = new TreeMap<>();
        WORDS.keySet().forEach(mood -> texts.put(mood, new LinkedHashSet<>()));
        for (long index = first; texts.values().stream().anyMatch(found -> found.size() < ofEach); index++) {
            String document = corpus.document(index);
            Matcher word = named.matcher(document);
            if (word.find()) {
                before(document.substring(0, word.start()))
                        .filter(text -> !taken.contains(text))
                        .filter(text -> texts.values().stream().noneMatch(found -> found.contains(text)))
                        .ifPresent(text -> texts.get(moods.get(word.group())).add(text));
            }
        }
        return inTurn(texts, ofEach);
    }

    private static List<Map<String, Object>> inTurn(Map<String, Set<String>> texts, int ofEach) {
        List<List<Map<String, Object>>> columns = new ArrayList<>();
        texts.forEach((mood, found) ->
                columns.add(found.stream().map(text -> record(text, mood)).toList()));
        List<Map<String, Object>> records = new ArrayList<>();
        for (int i = 0; i < ofEach; i++) {
            for (List<Map<String, Object>> column : columns) {
                records.add(column.get(i));
            }
        }
        return records;
    }

    private static Map<String, Object> record(String text, String mood) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("text", text);
        fields.put("label", mood);
        return fields;
    }

    /** The two whole sentences before the one that is broken off, or the only one; nothing if they are too short or too long. */
    private static Optional<String> before(String beginning) {
        List<String> sentences = List.of(SENTENCE_END.split(beginning, -1));
        int last = sentences.size() - 1;
        String text = String.join(" ", sentences.subList(Math.max(0, last - 2), Math.max(0, last)));
        boolean fits = text.length() >= SHORTEST && text.length() <= LONGEST;
        boolean plain = !text.contains("<|") && !text.contains("\n");
        return fits && plain ? Optional.of(text) : Optional.empty();
    }
}
