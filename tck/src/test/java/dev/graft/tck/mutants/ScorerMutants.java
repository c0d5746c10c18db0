package dev.graft.tck.mutants;

import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.scorer.Answer;
import dev.graft.spi.scorer.Scorer;
import dev.graft.spi.scorer.ScorerProvider;
import dev.graft.tck.mutants.Twisted.Twist;
import dev.graft.tck.scorer.ScorerDeclaration;
import dev.graft.tck.scorer.ScorerDeclaration.Tried;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;

/** Shipped scorers with one thing broken, by the number of the rule that has to find it. */
final class ScorerMutants {
    private static final List<Scorer> OPEN = new ArrayList<>();

    /**
     * A broken scorer.
     *
     * @param id of the honest one
     * @param keys its configuration
     * @param twist what making it does instead
     */
    record Mutant(String id, Map<String, Object> keys, Twist twist) {
        /** The honest scorer behind it. */
        ScorerProvider<?> honest(PluginRegistry registry) {
            return (ScorerProvider<?>) registry.plugin(PluginKind.SCORER, id).provider();
        }

        /** The broken scorer. */
        ScorerProvider<?> broken(PluginRegistry registry) {
            return Twisted.of(ScorerProvider.class, honest(registry), "create", twist);
        }

        /** What both are tried with. */
        ScorerDeclaration declaration() {
            return new ScorerDeclaration(List.of(Tried.of(keys)), List.of(Map.of("pattern", "(")));
        }
    }

    private ScorerMutants() {}

    static Map<String, Mutant> all() {
        Map<String, Mutant> mutants = new LinkedHashMap<>();
        AtomicInteger counter = new AtomicInteger();
        mutants.put("15.01", scores((answers, scores) -> with(scores, 0, Double.NaN)));
        mutants.put("15.02", scores((answers, scores) -> {
            if (answers.isEmpty()) {
                throw new NoSuchElementException("no answer");
            }
            return scores;
        }));
        mutants.put("15.03", scores((answers, scores) -> with(scores, 0, scores[0] + counter.incrementAndGet())));
        mutants.put("15.04", scores((answers, scores) -> {
            double mean = Arrays.stream(scores).average().orElse(0);
            return Arrays.stream(scores).map(score -> score - mean).toArray();
        }));
        mutants.put("15.05", scores((answers, scores) -> {
            answers.get(0).ids()[0]++;
            return scores;
        }));
        mutants.put("15.06", pattern((a, real) -> {
            try {
                return real.call(a);
            } catch (ConfigurationException notThere) {
                Scorer indifferent = answers -> new double[answers.size()];
                return indifferent;
            }
        }));
        mutants.put("15.07", new Mutant("model", Map.of("model", "encoder-classifier", "label", "a"), (a, real) -> {
            Scorer own = (Scorer) real.call(a);
            OPEN.add(own);
            return Twisted.of(Scorer.class, own, "close", (none, close) -> null);
        }));
        Thread own = Thread.currentThread();
        mutants.put(
                "15.08",
                scores((answers, scores) -> Thread.currentThread() == own ? scores : with(scores, 0, scores[0] + 1)));
        mutants.put("15.09", scores((answers, scores) -> {
            double[] perLetter = scores.clone();
            Arrays.setAll(perLetter, i -> scores[i] / answers.get(i).text().length());
            return perLetter;
        }));
        mutants.put("15.10", scores((answers, scores) -> {
            if (answers.stream().anyMatch(answer -> answer.ids().length > 64)) {
                throw new IndexOutOfBoundsException("64 positions");
            }
            return scores;
        }));
        return mutants;
    }

    /** Closes what a mutant did not. */
    static void sweep() {
        OPEN.forEach(Scorer::close);
        OPEN.clear();
    }

    private static double[] with(double[] scores, int place, double score) {
        double[] changed = scores.clone();
        changed[place] = score;
        return changed;
    }

    private static Mutant pattern(Twist create) {
        return new Mutant("pattern", Map.of("pattern", ".*e.*"), create);
    }

    private interface Scored {
        double[] instead(List<Answer> answers, double[] scores);
    }

    private static Mutant scores(Scored scored) {
        return pattern((a, real) -> {
            Scorer honest = (Scorer) real.call(a);
            Scorer broken = answers -> scored.instead(answers, honest.score(answers));
            return broken;
        });
    }
}
