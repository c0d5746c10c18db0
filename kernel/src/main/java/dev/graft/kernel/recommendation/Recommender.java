package dev.graft.kernel.recommendation;

import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.Suitability;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Weighs the installed techniques against a profile. Those that cannot do the task, cost too much or take too much memory
 * are out; of the others, those whose range of examples holds the profile's come first (else the nearest range), and among
 * them the strongest.
 */
public final class Recommender {
    private final List<MethodProvider<?>> methods;
    private final long program;

    /**
     * A recommender.
     *
     * @param methods the techniques to choose from
     * @param program bytes that a process takes without any model
     */
    public Recommender(List<MethodProvider<?>> methods, long program) {
        this.methods = List.copyOf(methods);
        this.program = program;
    }

    /** A verdict on every technique, the best choice first, those that are out last. */
    public List<Verdict> recommend(Profile profile) {
        List<Verdict> verdicts = new ArrayList<>();
        methods.forEach(method -> verdicts.add(verdict(method, profile)));
        verdicts.sort(Comparator.comparing(Verdict::possible)
                .reversed()
                .thenComparingDouble(verdict -> distance(verdict, profile))
                .thenComparing(Comparator.comparingDouble(Recommender::strength).reversed())
                .thenComparing(verdict -> verdict.method().id()));
        return verdicts;
    }

    private Verdict verdict(MethodProvider<?> method, Profile profile) {
        Optional<String> out = method.suitability()
                .map(suitability -> obstacle(suitability, profile))
                .orElse(Optional.of("does not say what it is good for"));
        return out.map(reason -> new Verdict(method, false, reason))
                .orElseGet(() ->
                        new Verdict(method, true, praise(method.suitability().orElseThrow(), profile)));
    }

    private Optional<String> obstacle(Suitability suitability, Profile profile) {
        if (!suitability.tasks().contains(profile.task())) {
            return Optional.of("not meant for " + profile.task());
        }
        if (!suitability.needs().isEmpty()) {
            return Optional.of("needs " + suitability.needs());
        }
        if (suitability.cost().compareTo(profile.cost()) > 0) {
            return Optional.of("too slow afterwards: it cannot be merged and costs " + cost(suitability));
        }
        long bytes = program + profile.lasting(suitability);
        if (profile.memory() != null && bytes > profile.memory()) {
            return Optional.of(String.format(
                    Locale.ROOT, "takes %,d MiB before any activation, of %,d", bytes >> 20, profile.memory() >> 20));
        }
        return Optional.empty();
    }

    private static String praise(Suitability suitability, Profile profile) {
        String range = range(suitability);
        String fit = suitability.fits(profile.examples())
                ? "does well with " + range
                : (profile.examples() < suitability.fewestExamples() ? "wants more data: " : "meant for less data: ")
                        + range;
        return fit + String.format(Locale.ROOT, "; strength %.2f; costs %s", suitability.strength(), cost(suitability));
    }

    private static String range(Suitability suitability) {
        String from = String.format(Locale.ROOT, "%,d", suitability.fewestExamples());
        return suitability.mostExamples() == Suitability.NO_LIMIT
                ? from + " examples and more"
                : String.format(Locale.ROOT, "%s to %,d examples", from, suitability.mostExamples());
    }

    private static String cost(Suitability suitability) {
        return switch (suitability.cost()) {
            case NOTHING -> "nothing once merged";
            case LONGER_TEXTS -> "a few tokens in every text";
            case WORK_IN_BLOCKS -> "work in every block";
        };
    }

    /** How many powers of ten the number of examples lies outside the range. */
    private static double distance(Verdict verdict, Profile profile) {
        return verdict.method()
                .suitability()
                .map(suitability -> {
                    double examples = magnitude(profile.examples());
                    double below = magnitude(suitability.fewestExamples()) - examples;
                    double above = examples - magnitude(suitability.mostExamples());
                    return suitability.fits(profile.examples()) ? 0 : Math.max(0, Math.max(below, above));
                })
                .orElse(Double.MAX_VALUE);
    }

    private static double magnitude(long examples) {
        return Math.log10((double) Math.max(1, examples));
    }

    private static double strength(Verdict verdict) {
        return verdict.method().suitability().map(Suitability::strength).orElse(0.0);
    }
}
