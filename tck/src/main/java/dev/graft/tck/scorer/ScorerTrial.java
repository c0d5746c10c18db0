package dev.graft.tck.scorer;

import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.spi.scorer.Answer;
import dev.graft.spi.scorer.Scorer;
import dev.graft.spi.scorer.ScorerProvider;
import dev.graft.tck.bench.Bench;
import dev.graft.tck.bench.TinyJudges;
import dev.graft.tck.bench.TinyTokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A scorer with one configuration and some answers.
 *
 * @param bench what it runs on
 * @param provider the scorer
 * @param declaration what its author says about it
 * @param tried configuration and answers
 * @param <C> the scorer's configuration
 */
public record ScorerTrial<C extends Record>(
        Bench bench, ScorerProvider<C> provider, ScorerDeclaration declaration, ScorerDeclaration.Tried tried) {
    private static final List<Map<String, Object>> OWN = List.of(
            own("say hello", "hello there"),
            own("name a fruit", "apple"),
            own("what is it", "it is a dog that barks"),
            own("yes or no", "no"),
            own("count", "one two three four five six"));

    private static Map<String, Object> own(String prompt, String text) {
        return Map.of("prompt", prompt, "text", text, "label", "a");
    }

    /** The trials of a declaration. */
    public static <C extends Record> List<ScorerTrial<?>> of(
            Bench bench, ScorerProvider<C> provider, ScorerDeclaration declaration) {
        return declaration.tried().stream()
                .<ScorerTrial<?>>map(tried -> new ScorerTrial<>(bench, provider, declaration, tried))
                .toList();
    }

    /** Whether what it asks is there. */
    boolean online() {
        return !tried.cannot().contains(ScorerDeclaration.OFFLINE);
    }

    /** A fresh scorer. */
    Scorer scorer() {
        return scorer(tried.keys());
    }

    /** A fresh scorer with other keys. */
    Scorer scorer(Map<String, Object> keys) {
        return provider.create(
                ConfigurationBinder.bind(provider.configuration(), keys, "scorer"), new TinyJudges(bench));
    }

    /** The answers. */
    List<Answer> answers() {
        List<Answer> answers = new ArrayList<>();
        for (Map<String, Object> columns : tried.answers().isEmpty() ? OWN : tried.answers()) {
            Map<String, Object> fields = new LinkedHashMap<>(columns);
            fields.remove("text");
            answers.add(answer(String.valueOf(columns.get("prompt")), String.valueOf(columns.get("text")), fields));
        }
        return answers;
    }

    /** An answer with its tokens. */
    static Answer answer(String prompt, String text, Map<String, Object> fields) {
        TinyTokenizer tokenizer = new TinyTokenizer();
        int[] ids = tokenizer.encode(prompt + text, false).ids();
        return new Answer(prompt, text, ids, prompt.length(), fields);
    }

    @Override
    public String toString() {
        return tried.keys().isEmpty() ? "no keys" : tried.keys().toString();
    }
}
