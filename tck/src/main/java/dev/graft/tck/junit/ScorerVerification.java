package dev.graft.tck.junit;

import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.ServiceLoaderHost;
import dev.graft.spi.scorer.ScorerProvider;
import dev.graft.tck.Kit;
import dev.graft.tck.bench.Bench;
import dev.graft.tck.rule.Examination;
import dev.graft.tck.scorer.ScorerDeclaration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every scorer is held to, with tiny models as judges. */
public abstract class ScorerVerification extends ProviderTests {
    /** For subclasses. */
    protected ScorerVerification() {}

    /** The scorer. */
    protected abstract ScorerProvider<?> scorer();

    /** What to try it with; what its class path holds in {@code META-INF/graft/tck/scorer/} unless overridden. */
    protected ScorerDeclaration declaration() {
        return ScorerDeclaration.of(scorer());
    }

    /** Id of the engine to run on. */
    protected String engine() {
        return "torch";
    }

    @Override
    final List<Examination<?>> examine() {
        ScorerProvider<?> scorer = scorer();
        Bench bench =
                closing(new Bench(new ServiceLoaderHost(scorer.getClass().getClassLoader()).registry(), engine(), 1));
        return List.of(Kit.configuration(PluginKind.SCORER, scorer), Kit.scorer(bench, scorer, declaration()));
    }

    /**
     * There is one finite number per answer. A scorer whose service is not there refuses to score in one
     * sentence, here and in the rules that follow.
     */
    @Test
    final void required_15_01_everyAnswerGetsAFiniteNumber() throws Exception {
        verify("15.01");
    }

    /** No answers get no scores. */
    @Test
    final void required_15_02_noAnswersNoScores() throws Exception {
        verify("15.02");
    }

    /**
     * The same answers have the same scores every time, to the bit, also by another scorer of the same
     * configuration.
     */
    @Test
    final void required_15_03_theSameAnswersScoreTheSame() throws Exception {
        verify("15.03");
    }

    /** An answer's score is the same among other answers, in another order, and alone. */
    @Test
    final void required_15_04_anAnswerDoesNotDependOnItsMates() throws Exception {
        verify("15.04");
    }

    /** Tokens and columns of answers stay as they are. */
    @Test
    final void required_15_05_answersStayAsTheyAre() throws Exception {
        verify("15.05");
    }

    /**
     * A configuration that names what is not there, and is declared to be refused, is refused in one sentence
     * when the scorer is made or at its first score, and leaves no arrays.
     */
    @Test
    final void required_15_06_whatIsNotThereIsRefused() throws Exception {
        verify("15.06");
    }

    /**
     * After close as many arrays are alive as before, no thread keeps the program alive, and closing again does
     * nothing.
     */
    @Test
    final void required_15_07_closingFreesWhatItHolds() throws Exception {
        verify("15.07");
    }

    /** Scorers of one configuration that are asked by several threads, one each, say what they say alone. */
    @Test
    final void required_15_08_runsDoNotMix() throws Exception {
        verify("15.08");
    }

    /** An answer without text gets a finite number. */
    @Test
    final void required_15_09_anEmptyAnswerIsScored() throws Exception {
        verify("15.09");
    }

    /**
     * An answer of more tokens than any model reads gets a finite number, or is refused in one sentence, after
     * which others are scored as before.
     */
    @Test
    final void required_15_10_anOverlongAnswerIsScoredOrRefused() throws Exception {
        verify("15.10");
    }
}
