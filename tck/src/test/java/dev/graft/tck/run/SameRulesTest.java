package dev.graft.tck.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.tck.rule.Chapter;
import dev.graft.tck.rule.Check;
import dev.graft.tck.rule.Examination;
import dev.graft.tck.rule.NotApplicable;
import dev.graft.tck.rule.Outcome;
import dev.graft.tck.rule.Rule;
import dev.graft.tck.rule.RuleBroken;
import java.util.List;
import org.junit.jupiter.api.Test;

class SameRulesTest {
    private static final Check<String> HOLDS = subject -> {};
    private static final Check<String> IS_BROKEN = subject -> {
        throw new RuleBroken("too short");
    };
    private static final Check<String> SAYS_NOTHING = subject -> {
        throw new NotApplicable("no wheels");
    };

    @Test
    void aRuleThatOneHostBreaksIsBrokenAndTheHostIsNamed() {
        Outcome outcome = together(HOLDS, IS_BROKEN);

        assertThat(outcome.status()).isEqualTo(Outcome.Status.FAILED);
        assertThat(outcome.found()).isEqualTo("as a bundle, on bike: too short");
    }

    @Test
    void whatEveryHostFindsIsSaidOnce() {
        Outcome outcome = together(IS_BROKEN, IS_BROKEN);

        assertThat(outcome.found()).isEqualTo("on bike: too short");
    }

    @Test
    void aRuleThatAppliesInOneHostAppliesAndOneThatAppliesInNoneDoesNot() {
        assertThat(together(HOLDS, SAYS_NOTHING).status()).isEqualTo(Outcome.Status.PASSED);
        assertThat(together(SAYS_NOTHING, SAYS_NOTHING))
                .returns(Outcome.Status.NOT_APPLICABLE, Outcome::status)
                .returns("no wheels", Outcome::found);
    }

    private static Outcome together(Check<String> inALoader, Check<String> asABundle) {
        return new SameRules(
                        List.of("in a loader", "as a bundle"), List.of(examination(inALoader), examination(asABundle)))
                .outcomes(rule -> true)
                .findFirst()
                .orElseThrow();
    }

    private static Examination<String> examination(Check<String> check) {
        Rule rule = Rule.must("1.01", "itIsLong", "It is long.");
        return new Examination<>(
                "vehicle", List.of("bike"), List.of(new Chapter<>(1, "Length", List.of(Chapter.article(rule, check)))));
    }
}
