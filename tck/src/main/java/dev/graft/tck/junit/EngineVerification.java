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
public abstract class EngineVerification extends ProviderTests {
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

    /** layerNormBackward and rmsNormBackward agree with central differences, and give only what was asked for. */
    @Test
    final void required_10_22_normGradientsEqualDifferences() throws Exception {
        verify("10.22");
    }

    /**
     * attentionBackward agrees with central differences, with grouped heads, masks and causality; a query that
     * sees nothing gives no gradient.
     */
    @Test
    final void required_10_23_attentionGradientsEqualDifferences() throws Exception {
        verify("10.23");
    }

    /**
     * crossEntropyBackward and linearCrossEntropyBackward agree with central differences; ignored labels give
     * no gradient.
     */
    @Test
    final void required_10_24_lossGradientsEqualDifferences() throws Exception {
        verify("10.24");
    }

    /** softmaxBackward and logSoftmaxBackward agree with central differences along either axis. */
    @Test
    final void required_10_25_softmaxGradientsEqualDifferences() throws Exception {
        verify("10.25");
    }

    /** gatedSilu gives its definition, and its gradients agree with central differences. */
    @Test
    final void required_10_26_gatedSiluIsWhatItSays() throws Exception {
        verify("10.26");
    }

    /**
     * where chooses element by element, broadcasting; copyInPlace overwrites its target in the target's type,
     * and nothing else.
     */
    @Test
    final void required_10_27_choicesAreWhatTheySay() throws Exception {
        verify("10.27");
    }

    /** matmulInPlace gives its definition for every combination of transposes, and leaves its factors alone. */
    @Test
    final void required_10_28_productsInPlaceAreWhatTheySay() throws Exception {
        verify("10.28");
    }

    /** The factors of svd multiply to the matrix, U and V are orthonormal, and singular values fall. */
    @Test
    final void required_10_29_singularValuesMultiplyBack() throws Exception {
        verify("10.29");
    }
}
