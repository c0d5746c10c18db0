package dev.graft.tck.run;

import dev.graft.tck.rule.Examination;
import dev.graft.tck.rule.Held;
import dev.graft.tck.rule.Outcome;
import dev.graft.tck.rule.Rule;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One plugin as several hosts loaded it, held to the same rules: a rule holds if it holds in each.
 *
 * @param where the hosts, as reports say them
 * @param examinations the plugin in each of them
 */
record SameRules(List<String> where, List<? extends Examination<?>> examinations) implements Held {
    @Override
    public Stream<Rule> rules() {
        return examinations.get(0).rules();
    }

    @Override
    public Stream<Outcome> outcomes(Predicate<Rule> wanted) {
        return rules().filter(wanted)
                .map(rule -> together(examinations.stream()
                        .map(examination -> examination.outcome(rule.number()))
                        .toList()));
    }

    private Outcome together(List<Outcome> each) {
        Outcome first = each.get(0);
        long millis = each.stream().mapToLong(Outcome::millis).sum();
        Outcome.Status status = Stream.of(Outcome.Status.FAILED, Outcome.Status.PASSED)
                .filter(one -> each.stream().anyMatch(outcome -> outcome.status() == one))
                .findFirst()
                .orElse(Outcome.Status.NOT_APPLICABLE);
        return new Outcome(first.subject(), first.rule(), status, found(each, status), millis);
    }

    /** What was found, once where it is the same in every host. */
    private String found(List<Outcome> each, Outcome.Status status) {
        Set<String> all = new LinkedHashSet<>();
        for (Outcome outcome : each) {
            if (outcome.status() == status) {
                all.add(outcome.found());
            }
        }
        if (all.size() == 1 && each.stream().allMatch(outcome -> outcome.status() == status)) {
            return all.iterator().next();
        }
        Set<String> lines = new LinkedHashSet<>();
        for (int i = 0; i < each.size(); i++) {
            if (each.get(i).status() == status && !each.get(i).found().isEmpty()) {
                lines.add(where.get(i) + ", " + each.get(i).found());
            }
        }
        return String.join("\n    ", lines);
    }
}
