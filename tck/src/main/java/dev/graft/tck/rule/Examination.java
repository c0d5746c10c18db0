package dev.graft.tck.rule;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A subject with the chapters it is held to.
 *
 * @param subject kind and id of the plugin, or the name of a jar
 * @param trials what each rule is tried on, one after the other
 * @param chapters the chapters
 * @param <S> what the rules are tried on
 */
public record Examination<S>(String subject, List<S> trials, List<Chapter<S>> chapters) implements Held {
    /** Copies the lists. */
    public Examination {
        trials = List.copyOf(trials);
        chapters = List.copyOf(chapters);
    }

    @Override
    public Stream<Rule> rules() {
        return chapters.stream().flatMap(Chapter::rules);
    }

    @Override
    public Stream<Outcome> outcomes(Predicate<Rule> wanted) {
        return chapters.stream()
                .flatMap(chapter -> chapter.articles().stream())
                .filter(article -> wanted.test(article.rule()))
                .map(this::outcome);
    }

    /** Holds the subject to one rule. */
    public Outcome outcome(String number) {
        return outcomes(rule -> rule.number().equals(number))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no rule " + number + " for " + subject));
    }

    private Outcome outcome(Chapter.Article<S> article) {
        long begin = System.nanoTime();
        Set<String> reasons = new LinkedHashSet<>();
        List<String> failures = new ArrayList<>();
        int held = 0;
        for (S trial : trials) {
            try {
                article.check().check(trial);
                held++;
            } catch (NotApplicable reason) {
                reasons.add(reason.getMessage());
            } catch (RuleBroken broken) {
                failures.add("on " + trial + ": " + broken.getMessage());
            } catch (Exception | LinkageError | AssertionError | StackOverflowError thrown) {
                failures.add("on " + trial + ": " + described(thrown));
            }
        }
        long millis = (System.nanoTime() - begin) / 1_000_000;
        if (!failures.isEmpty()) {
            return new Outcome(subject, article.rule(), Outcome.Status.FAILED, String.join("\n    ", failures), millis);
        }
        if (held == 0) {
            String reason = reasons.isEmpty() ? "there is nothing to try it on" : String.join("; ", reasons);
            return new Outcome(subject, article.rule(), Outcome.Status.NOT_APPLICABLE, reason, millis);
        }
        return new Outcome(subject, article.rule(), Outcome.Status.PASSED, "", millis);
    }

    private static String described(Throwable thrown) {
        StackTraceElement[] trace = thrown.getStackTrace();
        return "it threw " + thrown + (trace.length == 0 ? "" : " at " + trace[0]);
    }
}
