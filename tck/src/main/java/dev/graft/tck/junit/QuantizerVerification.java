package dev.graft.tck.junit;

import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.ServiceLoaderHost;
import dev.graft.spi.quantizer.QuantizerProvider;
import dev.graft.tck.Kit;
import dev.graft.tck.bench.Bench;
import dev.graft.tck.quantizer.QuantizerDeclaration;
import dev.graft.tck.rule.Examination;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every quantizer is held to. */
public abstract class QuantizerVerification extends ProviderTests {
    /** For subclasses. */
    protected QuantizerVerification() {}

    /** The quantizer. */
    protected abstract QuantizerProvider<?> quantizer();

    /** What to try it with; what its class path holds in {@code META-INF/graft/tck/quantizer/} unless overridden. */
    protected QuantizerDeclaration declaration() {
        return QuantizerDeclaration.of(quantizer());
    }

    /** Id of the engine to run on. */
    protected String engine() {
        return "torch";
    }

    @Override
    final List<Examination<?>> examine() {
        QuantizerProvider<?> quantizer = quantizer();
        Bench bench = closing(
                new Bench(new ServiceLoaderHost(quantizer.getClass().getClassLoader()).registry(), engine(), 1));
        return List.of(
                Kit.configuration(PluginKind.QUANTIZER, quantizer), Kit.quantizer(bench, quantizer, declaration()));
    }

    /** Quantising leaves the weight as it was, to the bit. */
    @Test
    final void required_11_01_theWeightStaysAsItIs() throws Exception {
        verify("11.01");
    }

    /** A quantised weight has the shape and the element type of the original, and parts with plain names. */
    @Test
    final void required_11_02_itRemembersWhatItWas() throws Exception {
        verify("11.02");
    }

    /** What is dequantised has the original's shape and the element type that was asked for. */
    @Test
    final void required_11_03_valuesComeBackInTheTypeAskedFor() throws Exception {
        verify("11.03");
    }

    /**
     * No number is further from the original than the declared share of the largest one that it shares a scale
     * with.
     */
    @Test
    final void required_11_04_errorsStayWithinTheBound() throws Exception {
        verify("11.04");
    }

    /** Zeros come back as zeros, a row and a weight of nothing else among them, and no number changes its sign. */
    @Test
    final void required_11_05_zerosAndSignsAreKept() throws Exception {
        verify("11.05");
    }

    /** What was dequantised, quantised and dequantised again, is the same but for rounding. */
    @Test
    final void required_11_06_quantisingAgainChangesNothing() throws Exception {
        verify("11.06");
    }

    /** The same weight has the same parts every time, to the bit. */
    @Test
    final void required_11_07_theSameWeightTheSameParts() throws Exception {
        verify("11.07");
    }

    /** The parts of a weight take fewer bytes than the weight. */
    @Test
    final void required_11_08_itTakesFewerBytes() throws Exception {
        verify("11.08");
    }

    /**
     * A frozen weight multiplies, and gives input gradients, like the dequantised one, stored with the output
     * or the input first.
     */
    @Test
    final void required_11_09_frozenMultipliesLikeTheDequantised() throws Exception {
        verify("11.09");
    }

    /** A weight that holds NaN or an infinity is refused in one sentence, or does not come back finite. */
    @Test
    final void required_11_10_nanAndInfinityAreNotHidden() throws Exception {
        verify("11.10");
    }

    /**
     * A weight of one number, of none, of one axis or three, or whose extents are no multiple of anything, is
     * quantised within the bound, or refused in one sentence.
     */
    @Test
    final void required_11_11_oddShapesAreServedOrRefused() throws Exception {
        verify("11.11");
    }

    /**
     * Parts that were written and read under their names stand for the same values, to the bit, also for
     * another quantizer of the same configuration.
     */
    @Test
    final void required_11_12_partsGoThroughFiles() throws Exception {
        verify("11.12");
    }

    /**
     * After quantising nothing is alive but the parts, after dequantising nothing but the values, and nothing
     * after a frozen weight was closed; the parts stay open.
     */
    @Test
    final void required_11_13_nothingIsLeft() throws Exception {
        verify("11.13");
    }

    /** Threads that quantise at the same time come to the same parts. */
    @Test
    final void required_11_14_threadsDoNotMix() throws Exception {
        verify("11.14");
    }
}
