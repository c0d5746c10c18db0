package dev.graft.tck.rule;

import java.util.function.Predicate;
import java.util.stream.Stream;

/** Something that can be held to rules. */
public interface Held {
    /** The rules in order. */
    Stream<Rule> rules();

    /** Holds it to the rules that are wanted, in order, one after the other as the stream is read. */
    Stream<Outcome> outcomes(Predicate<Rule> wanted);
}
