package dev.graft.tck.junit;

import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.plugin.ServiceLoaderHost;
import dev.graft.spi.method.MethodProvider;
import dev.graft.tck.Kit;
import dev.graft.tck.bench.Bench;
import dev.graft.tck.method.MethodDeclaration;
import dev.graft.tck.rule.Examination;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every method is held to. An author extends it and says which method; engine and model plugins are on the class path. */
public abstract class MethodVerification extends ProviderTests {
    /** For subclasses. */
    protected MethodVerification() {}

    /** The method. */
    protected abstract MethodProvider<?> method();

    /** With which configurations it is tried and what it cannot do; what stands beside the method unless overridden. */
    protected MethodDeclaration declaration() {
        return MethodDeclaration.of(method());
    }

    /** Id of the engine to run on. */
    protected String engine() {
        return "torch";
    }

    /** What all random numbers come from. */
    protected long seed() {
        return 1;
    }

    @Override
    final List<Examination<?>> examine() {
        MethodProvider<?> method = method();
        PluginRegistry installed = new ServiceLoaderHost(method.getClass().getClassLoader()).registry();
        Plugin examined = Plugin.of(PluginKind.METHOD, method, "the class under test");
        Bench bench = closing(new Bench(Kit.registry(installed, List.of(examined)), engine(), seed()));
        return List.of(Kit.configuration(PluginKind.METHOD, method), Kit.method(bench, method, declaration()));
    }

    /** On a model that the method does not fit, attaching is refused in one sentence and leaves no array. */
    @Test
    final void required_3_01_everyModelIsServedOrRefused() throws Exception {
        verify("3.01");
    }

    /** A fresh attachment leaves the model's outputs as they are; one whose method declares that it cannot changes them. */
    @Test
    final void required_3_02_freshAttachmentIsANoOp() throws Exception {
        verify("3.02");
    }

    /** Attaching, running and releasing leave every weight of the base and its outputs as they were, to the bit. */
    @Test
    final void required_3_03_attachingChangesNoBitOfTheBase() throws Exception {
        verify("3.03");
    }

    /** trainableParameters equals the number of elements of the attachment's parameters. */
    @Test
    final void required_3_04_asManyElementsLearnAsTheFormulaSays() throws Exception {
        verify("3.04");
    }

    /** Parameters have names of their own, and two attachments of one configuration have the same names in the same order. */
    @Test
    final void required_3_05_parameterNamesAreUniqueAndStable() throws Exception {
        verify("3.05");
    }

    /** After an adapter was attached, run and released, as many arrays are alive as before. */
    @Test
    final void required_3_06_aReleasedAdapterLeavesNoArrays() throws Exception {
        verify("3.06");
    }

    /** Two attachments from the same random numbers begin with the same values, to the bit. */
    @Test
    final void required_3_07_theSameSeedBeginsTheSame() throws Exception {
        verify("3.07");
    }

    /** Every patch belongs to a site or a parameter that the model or an attachment publishes. */
    @Test
    final void required_3_08_everyPatchHasItsSite() throws Exception {
        verify("3.08");
    }

    /** The layer of every parameter is -1, a block of the model, or Integer.MAX_VALUE. */
    @Test
    final void required_3_09_layersAreThoseOfTheModel() throws Exception {
        verify("3.09");
    }

    /** parameters() and patches() name the same things however often they are asked. */
    @Test
    final void required_3_10_anAttachmentAnswersTheSameEveryTime() throws Exception {
        verify("3.10");
    }

    /** An adapter whose parameters have moved changes the model's outputs. */
    @Test
    final void required_3_11_whatMovedIsHeard() throws Exception {
        verify("3.11");
    }

    /** A patch computes with the value that a parameter has in that pass. */
    @Test
    final void required_3_12_aParameterIsAskedForAnew() throws Exception {
        verify("3.12");
    }

    /** Attaching, running and releasing leave no thread behind. */
    @Test
    final void required_3_13_noThreadIsLeft() throws Exception {
        verify("3.13");
    }

    /** In double precision an adapter gives the same outputs but for rounding. */
    @Test
    final void recommended_3_14_doublePrecisionGivesTheSame() throws Exception {
        verify("3.14");
    }

    /** The gradient of the loss with respect to every parameter agrees with central differences in double precision. */
    @Test
    final void required_4_01_gradientsEqualFiniteDifferences() throws Exception {
        verify("4.01");
    }

    /** A gradient flows to every parameter that is not declared to be without. */
    @Test
    final void required_4_02_everyParameterIsReached() throws Exception {
        verify("4.02");
    }

    /** Within 60 steps of Adam on one batch the loss falls by the declared share of what it was, or by 0.01. */
    @Test
    final void required_4_03_theLossOfABatchFallsWithinABudget() throws Exception {
        verify("4.03");
    }

    /** Training twice from the same seed gives the same losses and parameters, to the bit. */
    @Test
    final void required_4_04_theSameSeedTakesTheSamePath() throws Exception {
        verify("4.04");
    }

    /** Training leaves every weight of the base as it was, to the bit. */
    @Test
    final void required_4_05_trainingChangesNoBitOfTheBase() throws Exception {
        verify("4.05");
    }

    /** As many arrays are alive after the sixth step as after the third. */
    @Test
    final void required_4_06_stepsDoNotAccumulateArrays() throws Exception {
        verify("4.06");
    }

    /** With blocks recomputed in the backward pass gradients are the same. */
    @Test
    final void required_4_07_recomputedBlocksGiveTheSameGradient() throws Exception {
        verify("4.07");
    }

    /** Padding behind the rows changes no gradient. */
    @Test
    final void required_4_08_paddingChangesNoGradient() throws Exception {
        verify("4.08");
    }

    /** The gradient of a batch is the sum of those of its rows. */
    @Test
    final void required_4_09_batchMatesChangeNoGradient() throws Exception {
        verify("4.09");
    }

    /** Two passes that do not train give the same outputs, to the bit. */
    @Test
    final void required_4_10_withoutTrainingNothingIsRandom() throws Exception {
        verify("4.10");
    }

    /** Within the budget every parameter stays finite. */
    @Test
    final void required_4_11_valuesStayFinite() throws Exception {
        verify("4.11");
    }

    /** An adapter that was saved and loaded computes what it did, to the bit. */
    @Test
    final void required_5_01_aLoadedAdapterComputesTheSame() throws Exception {
        verify("5.01");
    }

    /** A loaded adapter is saved as the same description and the same tensors. */
    @Test
    final void required_5_02_savingAgainWritesTheSame() throws Exception {
        verify("5.02");
    }

    /** Saving, loading and training on equals training on, to the bit. */
    @Test
    final void required_5_03_trainingGoesOnAsIfNothingHappened() throws Exception {
        verify("5.03");
    }

    /** The files hold the saved parameters, buffers and variables, and nothing of the base. */
    @Test
    final void required_5_04_filesHoldTheAdapterAlone() throws Exception {
        verify("5.04");
    }

    /** The format recognises what it wrote, and recognises neither an empty description nor one of another kind. */
    @Test
    final void required_5_05_theFormatKnowsItsOwn() throws Exception {
        verify("5.05");
    }

    /** The configuration read back from the description makes an attachment of the same parameters. */
    @Test
    final void required_5_06_theConfigurationComesBack() throws Exception {
        verify("5.06");
    }

    /** A tensor file that was cut off is refused in one sentence, and nothing is left. */
    @Test
    final void required_5_07_aTruncatedFileIsRefused() throws Exception {
        verify("5.07");
    }

    /** A file without a tensor that the adapter needs is refused in one sentence, and nothing is left. */
    @Test
    final void required_5_08_aMissingTensorIsRefused() throws Exception {
        verify("5.08");
    }

    /** A tensor of another shape is refused in one sentence, and nothing is left. */
    @Test
    final void required_5_09_aWrongShapeIsRefused() throws Exception {
        verify("5.09");
    }

    /** A tensor that the adapter has no use for is refused in one sentence, and nothing is left. */
    @Test
    final void required_5_10_aForeignTensorIsRefused() throws Exception {
        verify("5.10");
    }

    /** Whatever value stands at a key of the description, it is read or refused in one sentence; nothing is left. */
    @Test
    final void required_5_11_aHostileDescriptionIsRefused() throws Exception {
        verify("5.11");
    }

    /** The description holds strings, numbers, truth values, lists and maps with string keys. */
    @Test
    final void required_5_12_theDescriptionIsPlain() throws Exception {
        verify("5.12");
    }

    /** Without Graft's manifest, as other libraries leave an adapter, it loads and computes the same. */
    @Test
    final void recommended_5_13_theFilesSpeakForThemselves() throws Exception {
        verify("5.13");
    }

    /** A merged checkpoint computes what the attached adapter does; a method that declares that it cannot merge refuses in one sentence, and nothing is written. */
    @Test
    final void required_6_01_mergedEqualsAttached() throws Exception {
        verify("6.01");
    }

    /** Merging leaves the base's weights and the adapter's parameters as they were, to the bit. */
    @Test
    final void required_6_02_mergingLeavesModelAndAdapter() throws Exception {
        verify("6.02");
    }

    /** merge() names parameters that the model has, or biases of its linear layers. */
    @Test
    final void required_6_03_whatIsMergedIsThere() throws Exception {
        verify("6.03");
    }

    /** A function that merge() gives comes to the same value for the same base value, however often it is applied, and leaves that value alone. */
    @Test
    final void required_6_04_mergingIsAFunction() throws Exception {
        verify("6.04");
    }

    /** A merged parameter has the shape and the element type of the one it replaces. */
    @Test
    final void required_6_05_mergingKeepsShapes() throws Exception {
        verify("6.05");
    }

    /** Two adapters of the method merged together compute what both attached, in the same order, do. */
    @Test
    final void required_6_06_mergingTwoEqualsAttachingTwo() throws Exception {
        verify("6.06");
    }

    /** Of two adapters of the method on one row, each changes what the other alone computes; of a method that declares that it cannot stack, the later takes the place of the earlier. */
    @Test
    final void required_7_01_twoOfAKindBothAct() throws Exception {
        verify("7.01");
    }

    /** Beside an adapter of the kit's own method both act, and both are saved and loaded together. */
    @Test
    final void required_7_02_itStandsBesideAnotherMethod() throws Exception {
        verify("7.02");
    }

    /** The linear combination of one adapter with weight 1 computes what it does; a method that declares that it cannot combine refuses in one sentence. */
    @Test
    final void required_7_03_oneCombinedWithWeightOneIsItself() throws Exception {
        verify("7.03");
    }

    /** Combining in a way that the method does not know is refused in one sentence. */
    @Test
    final void required_7_04_anUnknownWayToCombineIsRefused() throws Exception {
        verify("7.04");
    }

    /** In a batch whose rows have different adapters, or none, every row gives what it gives alone. */
    @Test
    final void required_8_01_aRowDependsOnItsOwnAdapter() throws Exception {
        verify("8.01");
    }

    /** The same holds token by token out of a cache of keys and values. */
    @Test
    final void required_8_02_aRowDependsOnItsOwnAdapterInGeneration() throws Exception {
        verify("8.02");
    }

    /** Padding in front of the rows changes no output. */
    @Test
    final void required_8_03_paddingInFrontChangesNothing() throws Exception {
        verify("8.03");
    }

    /** Token by token out of a cache a row gives what it gives in one pass. */
    @Test
    final void required_8_04_cachedEqualsOnePass() throws Exception {
        verify("8.04");
    }

    /** Threads that use different adapters at the same time get what each gets alone. */
    @Test
    final void required_8_05_threadsDoNotBleed() throws Exception {
        verify("8.05");
    }

    /** Releasing an adapter changes no output of another one of its method. */
    @Test
    final void required_8_06_releasingOneLeavesTheOthers() throws Exception {
        verify("8.06");
    }

    /** Loading and releasing an adapter again and again leaves as many arrays alive as the first time. */
    @Test
    final void required_8_07_swappingDoesNotAccumulate() throws Exception {
        verify("8.07");
    }

    /** A pass leaves as many arrays alive as before. */
    @Test
    final void required_8_08_aPassLeavesNoArrays() throws Exception {
        verify("8.08");
    }

    /** A row gives the same with other rows of its adapter beside it. */
    @Test
    final void required_8_09_batchMatesChangeNothing() throws Exception {
        verify("8.09");
    }

    /** After a pass that ended in an error outputs are as before, and so is the number of arrays alive. */
    @Test
    final void required_8_10_aFailedPassLeavesNothing() throws Exception {
        verify("8.10");
    }
}
