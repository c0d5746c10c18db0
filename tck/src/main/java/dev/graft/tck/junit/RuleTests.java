package dev.graft.tck.junit;

import dev.graft.tck.rule.Examination;
import dev.graft.tck.rule.Level;
import dev.graft.tck.rule.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.TestInstance;

/** Rules as JUnit tests: each test of a subclass stands for one rule and carries its number in its name. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RuleTests {
    private final List<AutoCloseable> opened = new ArrayList<>();
    private List<Examination<?>> examinations;

    /** What is held to the rules; asked for once, before the first test. */
    abstract List<Examination<?>> examine() throws Exception;

    /** Has something closed after the last test. */
    final <T extends AutoCloseable> T closing(T closeable) {
        opened.add(closeable);
        return closeable;
    }

    /** Fails if a rule is broken; a rule that does not apply, or that does not bind, aborts its test with the reason. */
    final void verify(String number) throws Exception {
        if (examinations == null) {
            examinations = examine();
        }
        Outcome outcome = examinations.stream()
                .filter(examination ->
                        examination.rules().anyMatch(rule -> rule.number().equals(number)))
                .findFirst()
                .orElseThrow()
                .outcome(number);
        if (outcome.status() == Outcome.Status.FAILED && outcome.rule().level() == Level.MUST) {
            Assertions.fail(outcome.subject() + ", " + outcome.explanation());
        }
        Assumptions.assumeTrue(
                outcome.status() == Outcome.Status.PASSED,
                () -> outcome.status() == Outcome.Status.FAILED ? outcome.explanation() : outcome.found());
    }

    @AfterAll
    final void close() throws Exception {
        for (AutoCloseable closeable : opened) {
            closeable.close();
        }
    }
}
