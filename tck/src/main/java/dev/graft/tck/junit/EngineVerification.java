package dev.graft.tck.junit;

import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.EngineProvider;
import dev.graft.tck.Kit;
import dev.graft.tck.rule.Examination;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every engine is held to. */
public abstract class EngineVerification extends RuleTests {
    /** For subclasses. */
    protected EngineVerification() {}

    /** The engine. */
    protected abstract EngineProvider<?> engine();

    /** How often each operation is tried, on other shapes each time. */
    protected int rounds() {
        return 20;
    }

    /** What all random numbers come from. */
    protected long seed() {
        return 1;
    }

    @Override
    final List<Examination<?>> examine() {
        EngineProvider<?> engine = engine();
        return List.of(
                Kit.configuration(PluginKind.ENGINE, engine), Kit.engine(closing(start(engine)), seed(), rounds()));
    }

    private static <C extends Record> Engine start(EngineProvider<C> provider) {
        return provider.create(ConfigurationBinder.bind(provider.configuration(), Map.of(), "engine"));
    }

    /** The id consists of lower-case letters, digits and single hyphens. */
    @Test
    final void required_2_01_theIdIsPlain() throws Exception {
        verify("2.01");
    }

    /** The version is numbers joined by dots, with a qualifier perhaps. */
    @Test
    final void required_2_02_theVersionIsNumbers() throws Exception {
        verify("2.02");
    }

    /** Every component of the configuration carries a {@literal @}Key with a sentence. */
    @Test
    final void required_2_03_everyKeyIsExplained() throws Exception {
        verify("2.03");
    }

    /** Every default is a value that the key allows. */
    @Test
    final void required_2_04_defaultsAreAllowed() throws Exception {
        verify("2.04");
    }

    /** Without any keys the configuration is there, or the refusal names a required key. */
    @Test
    final void required_2_05_withoutKeysItBindsOrNamesWhatIsMissing() throws Exception {
        verify("2.05");
    }

    /** A key that the configuration does not have is refused, and named. */
    @Test
    final void required_2_06_anUnknownKeyIsRefused() throws Exception {
        verify("2.06");
    }

    /** Whatever value stands at a key, it is taken or refused in one sentence. */
    @Test
    final void required_2_07_everyValueIsTakenOrRefused() throws Exception {
        verify("2.07");
    }

    /** Written out and read again a configuration equals itself. */
    @Test
    final void required_2_08_aConfigurationComesBack() throws Exception {
        verify("2.08");
    }

    /** The summary is one line of at most 120 characters. */
    @Test
    final void required_2_09_theSummaryIsOneLine() throws Exception {
        verify("2.09");
    }

    /** Id, version, summary and configuration are the same however often they are asked for. */
    @Test
    final void required_2_10_itAnswersTheSameEveryTime() throws Exception {
        verify("2.10");
    }

    /** A method's documentation has all six parts: idea, formula, source, when to choose it, number of parameters, files. */
    @Test
    final void required_2_11_aMethodIsDocumented() throws Exception {
        verify("2.11");
    }

    /** Two configurations bound from the same keys are equal. */
    @Test
    final void required_2_12_aConfigurationIsAValue() throws Exception {
        verify("2.12");
    }

    /** Bytes that are written or wrapped are read back, for every element type and shape, empty ones among them. */
    @Test
    final void required_10_01_bytesComeBack() throws Exception {
        verify("10.01");
    }

    /** Every function of one argument gives its definition, in single and double precision. */
    @Test
    final void required_10_02_unaryFunctionsAreWhatTheySay() throws Exception {
        verify("10.02");
    }

    /** The gradient of every function of one argument agrees with central differences. */
    @Test
    final void required_10_03_unaryGradientsEqualDifferences() throws Exception {
        verify("10.03");
    }

    /** Every function of two arguments gives its definition, broadcasting; comparisons give truth values. */
    @Test
    final void required_10_04_binaryFunctionsBroadcast() throws Exception {
        verify("10.04");
    }

    /** NaN and infinities pass through operations as IEEE 754 has it, and allFinite finds them. */
    @Test
    final void required_10_05_nanAndInfinityPropagate() throws Exception {
        verify("10.05");
    }

    /** Sums, means and extrema give their definitions; the sum of nothing is 0, its mean NaN. */
    @Test
    final void required_10_06_foldsAreWhatTheySay() throws Exception {
        verify("10.06");
    }

    /** softmax, logSoftmax, cumulativeSum and argMax give their definitions, without overflow. */
    @Test
    final void required_10_07_softmaxAndRunningSumsAreWhatTheySay() throws Exception {
        verify("10.07");
    }

    /** Casts between element types keep integers up to 127, and round to the nearest. */
    @Test
    final void required_10_08_castsKeepSmallIntegers() throws Exception {
        verify("10.08");
    }

    /** reshape, permute, slice, expand, concat and copy move every element where it belongs. */
    @Test
    final void required_10_09_elementsMoveWhereTheyBelong() throws Exception {
        verify("10.09");
    }

    /** select, gather, embedding and selectAddInPlace pick and add by index, repeated indices among them. */
    @Test
    final void required_10_10_elementsArePickedByIndex() throws Exception {
        verify("10.10");
    }

    /** Elements live as long as their last handle; liveArrays counts handles; closing twice does nothing; a closed one cannot be used. */
    @Test
    final void required_10_11_handlesCount() throws Exception {
        verify("10.11");
    }

    /** The same seed gives the same numbers, whatever was drawn before; uniform numbers lie in [0, 1). */
    @Test
    final void required_10_12_randomNumbersFollowTheirSeed() throws Exception {
        verify("10.12");
    }

    /** addInPlace and scaleInPlace change their target by their definition, and nothing else. */
    @Test
    final void required_10_13_inPlaceChangesTheTargetAlone() throws Exception {
        verify("10.13");
    }

    /** matmul gives its definition for every combination of transposes, broadcasting, with empty and single extents. */
    @Test
    final void required_10_14_productsTransposeAndBroadcast() throws Exception {
        verify("10.14");
    }

    /** linear and its input gradient give their definition for both layouts, and a frozen weight thaws to the bit. */
    @Test
    final void required_10_15_frozenWeightsMultiplyAndThaw() throws Exception {
        verify("10.15");
    }

    /** layerNorm and rmsNorm give their definitions. */
    @Test
    final void required_10_16_normsAreWhatTheySay() throws Exception {
        verify("10.16");
    }

    /** attention gives its definition with grouped heads, masks and causality; a query that sees nothing gives zeros. */
    @Test
    final void required_10_17_attentionSeesWhatItMay() throws Exception {
        verify("10.17");
    }

    /** rotary gives its definition on the leading features, and turns back. */
    @Test
    final void required_10_18_rotaryTurnsAndTurnsBack() throws Exception {
        verify("10.18");
    }

    /** crossEntropy and linearCrossEntropy give their definition, and 0 for ignored labels. */
    @Test
    final void required_10_19_crossEntropyIgnoresWhatItShould() throws Exception {
        verify("10.19");
    }

    /** adamW updates parameter and moments by its definition, and leaves the gradient alone. */
    @Test
    final void required_10_20_adamWIsWhatItSays() throws Exception {
        verify("10.20");
    }

    /** Threads that compute at the same time come to the same results. */
    @Test
    final void required_10_21_threadsDoNotMix() throws Exception {
        verify("10.21");
    }
}
