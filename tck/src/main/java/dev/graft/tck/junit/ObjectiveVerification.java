package dev.graft.tck.junit;

import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.ServiceLoaderHost;
import dev.graft.spi.objective.ObjectiveProvider;
import dev.graft.tck.Kit;
import dev.graft.tck.bench.Bench;
import dev.graft.tck.objective.ObjectiveDeclaration;
import dev.graft.tck.rule.Examination;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every objective is held to, with the kit's own method attached to tiny models. */
public abstract class ObjectiveVerification extends ProviderTests {
    /** For subclasses. */
    protected ObjectiveVerification() {}

    /** The objective. */
    protected abstract ObjectiveProvider<?> objective();

    /** What to try it with; what its class path holds in {@code META-INF/graft/tck/objective/} unless overridden. */
    protected ObjectiveDeclaration declaration() {
        return ObjectiveDeclaration.of(objective());
    }

    /** Id of the engine to run on. */
    protected String engine() {
        return "torch";
    }

    @Override
    final List<Examination<?>> examine() {
        ObjectiveProvider<?> objective = objective();
        List<Plugin> examined = List.of(Plugin.of(PluginKind.OBJECTIVE, objective, "a test"));
        Bench bench = closing(new Bench(
                Kit.registry(new ServiceLoaderHost(objective.getClass().getClassLoader()).registry(), examined),
                engine(),
                1));
        return List.of(
                Kit.configuration(PluginKind.OBJECTIVE, objective), Kit.objective(bench, objective, declaration()));
    }

    /** A record makes the same example every time, and stays as it is. */
    @Test
    final void required_13_01_encodingIsRepeatable() throws Exception {
        verify("13.01");
    }

    /**
     * A record that lacks a column, or holds a value of another type in it, makes an example, holds nothing to
     * learn from, or is refused in one sentence that names its source and column; nothing else is thrown, and
     * one without any column makes no example.
     */
    @Test
    final void required_13_02_aWrongRecordIsRefused() throws Exception {
        verify("13.02");
    }

    /**
     * With a maxLength of 4 or more sequences are no longer than that, or the whole ones, which the run cuts;
     * one that is kept anyhow changes nothing.
     */
    @Test
    final void required_13_03_aLimitIsKeptOrLeftToTheRun() throws Exception {
        verify("13.03");
    }

    /**
     * Every sequence has a token, tokens are of the model's vocabulary, labels as well or -100, and all rows of
     * a sequence are as long.
     */
    @Test
    final void required_13_04_tokensAndLabelsAreOfTheVocabulary() throws Exception {
        verify("13.04");
    }

    /**
     * What draw makes depends on the example and the random numbers alone, has as many tokens, and leaves the
     * example as it is.
     */
    @Test
    final void required_13_05_drawingFollowsItsNumbers() throws Exception {
        verify("13.05");
    }

    /** What prepare makes depends on the records and the random numbers alone, and both lists stay as they are. */
    @Test
    final void required_13_06_preparingFollowsItsNumbers() throws Exception {
        verify("13.06");
    }

    /** The loss of a batch, and of each example alone, is finite, its weight finite and above 0; so are its metrics. */
    @Test
    final void required_13_07_theLossIsFinite() throws Exception {
        verify("13.07");
    }

    /**
     * The gradient of the loss with respect to every parameter, the objective's own among them, agrees with
     * central differences in double precision, and is not 0 throughout.
     */
    @Test
    final void required_13_08_gradientsEqualFiniteDifferences() throws Exception {
        verify("13.08");
    }

    /** Sum, weight and metrics of a batch are the sums of those of its examples alone. */
    @Test
    final void required_13_09_batchesAddUp() throws Exception {
        verify("13.09");
    }

    /** More padding changes neither sum, weight nor metrics. */
    @Test
    final void required_13_10_paddingChangesNothing() throws Exception {
        verify("13.10");
    }

    /** The examples of a batch in another order have the same sum, weight and metrics. */
    @Test
    final void required_13_11_theOrderOfExamplesChangesNothing() throws Exception {
        verify("13.11");
    }

    /** If it is packable, several examples in a row come to what they come to in rows of their own. */
    @Test
    final void required_13_12_packedEqualsSeparate() throws Exception {
        verify("13.12");
    }

    /**
     * Where tokens have labels, what the model says at a token that predicts none changes neither sum nor
     * weight; a decoder predicts a label at the token before it.
     */
    @Test
    final void required_13_13_onlyLabelledTokensTeach() throws Exception {
        verify("13.13");
    }

    /**
     * Within 100 steps of Adam on one batch the loss falls by the declared share of what it was, or of 1 if it
     * was smaller; undeclared, by 0.005.
     */
    @Test
    final void required_13_14_theLossOfABatchFallsWithinABudget() throws Exception {
        verify("13.14");
    }

    /** After a loss with its gradients, and after an evaluation, as many arrays are alive as before. */
    @Test
    final void required_13_15_lossesLeaveNothing() throws Exception {
        verify("13.15");
    }

    /** Objectives of one configuration that are run by several threads, one each, come to what they come to alone. */
    @Test
    final void required_13_16_runsDoNotMix() throws Exception {
        verify("13.16");
    }

    /**
     * If it samples, the loss of drawn answers is finite, its weight above 0, the same for the same random
     * numbers, and not for all others.
     */
    @Test
    final void required_13_17_drawnAnswersFollowTheirNumbers() throws Exception {
        verify("13.17");
    }

    /**
     * If it looks ahead, every example gets the same figures in every batch, and the loss with them is the loss
     * without.
     */
    @Test
    final void required_13_18_computedAheadEqualsComputedLive() throws Exception {
        verify("13.18");
    }

    /**
     * What the objective itself has learnt, saved and loaded into a fresh one, gives the same loss, to the bit;
     * its file is one of its own.
     */
    @Test
    final void required_13_19_whatItLearnsComesBack() throws Exception {
        verify("13.19");
    }

    /** Every evaluator gives the same figures for the same data, finite, 'loss' among them. */
    @Test
    final void required_13_20_aFreshEvaluatorBeginsAtNothing() throws Exception {
        verify("13.20");
    }

    /** Figures are the same however the data were cut into batches. */
    @Test
    final void required_13_21_figuresDoNotDependOnTheCut() throws Exception {
        verify("13.21");
    }

    /** Without data an evaluator gives its figures, 'loss' among them, and throws nothing. */
    @Test
    final void required_13_22_nothingEvaluatedIsNoError() throws Exception {
        verify("13.22");
    }

    /**
     * A labeller gives each record one probability per label, which sum to 1, and does not read the label that
     * stands there.
     */
    @Test
    final void required_13_23_probabilitiesOfLabelsSumToOne() throws Exception {
        verify("13.23");
    }

    /**
     * With the same model, prompts and random numbers the first rollout of two fresh objectives comes to the
     * same examples, figures and answers, and leaves no arrays.
     */
    @Test
    final void required_13_24_theSameNumbersGiveTheSameExperience() throws Exception {
        verify("13.24");
    }

    /** A rollout comes to examples with all that the loss needs, and to finite figures. */
    @Test
    final void required_13_25_experienceCanBeLearntFrom() throws Exception {
        verify("13.25");
    }
}
