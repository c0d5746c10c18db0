package dev.graft.tck.run;

import dev.graft.tck.rule.Outcome;
import java.util.List;

/**
 * What came of holding a jar to the rules.
 *
 * @param jar name of the jar
 * @param checksum its SHA-256 checksum, in hexadecimal
 * @param plugins kind, id and version of what it offers
 * @param spiVersion version of the contracts
 * @param kitVersion version of the kit
 * @param selection which rules were asked for; {@code *} = all
 * @param seed what all random numbers came from
 * @param outcomes one for each rule and plugin
 */
public record Verdict(
        String jar,
        String checksum,
        List<String> plugins,
        String spiVersion,
        String kitVersion,
        String selection,
        long seed,
        List<Outcome> outcomes) {
    /** Copies the lists. */
    public Verdict {
        plugins = List.copyOf(plugins);
        outcomes = List.copyOf(outcomes);
    }

    /** Whether no binding rule is broken. */
    public boolean passed() {
        return outcomes.stream().noneMatch(Outcome::damning);
    }

    /** Whether every rule was asked for, so that a certificate says what it seems to say. */
    public boolean complete() {
        return selection.equals("*");
    }

    /** How many rules have this status. */
    public long count(Outcome.Status status) {
        return outcomes.stream().filter(outcome -> outcome.status() == status).count();
    }
}
