package dev.graft.tck.junit;

import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.ServiceLoaderHost;
import dev.graft.spi.optimizer.OptimizerProvider;
import dev.graft.tck.Kit;
import dev.graft.tck.bench.Bench;
import dev.graft.tck.rule.Examination;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every optimizer is held to. */
public abstract class OptimizerVerification extends ProviderTests {
    /** For subclasses. */
    protected OptimizerVerification() {}

    /** The optimizer. */
    protected abstract OptimizerProvider<?> optimizer();

    /** Configurations to try, as a recipe writes them; without any keys unless overridden. */
    protected List<Map<String, Object>> configurations() {
        return List.of(Map.of());
    }

    /** Id of the engine to run on. */
    protected String engine() {
        return "torch";
    }

    @Override
    final List<Examination<?>> examine() {
        OptimizerProvider<?> optimizer = optimizer();
        Bench bench = closing(
                new Bench(new ServiceLoaderHost(optimizer.getClass().getClassLoader()).registry(), engine(), 1));
        return List.of(
                Kit.configuration(PluginKind.OPTIMIZER, optimizer),
                Kit.optimizer(bench.engine(), optimizer, configurations()));
    }

    /** Along the gradients of a parabola it comes to less than half of the height it began at within 150 steps. */
    @Test
    final void required_12_01_itDescends() throws Exception {
        verify("12.01");
    }

    /** State and counters, restored into a fresh optimizer, go on to the same values, to the bit. */
    @Test
    final void required_12_02_itGoesOnAsIfNothingHappened() throws Exception {
        verify("12.02");
    }

    /** It does not change a gradient. */
    @Test
    final void required_12_03_gradientsStayAsTheyAre() throws Exception {
        verify("12.03");
    }

    /** A parameter that is absent from a step keeps its value to the bit, and goes on later as if there had been no such step. */
    @Test
    final void required_12_04_anAbsentParameterStaysAsItIs() throws Exception {
        verify("12.04");
    }

    /** After close as many arrays are alive as before its first step. */
    @Test
    final void required_12_05_closingFreesItsState() throws Exception {
        verify("12.05");
    }

    /** Two parameters updated together come to what each comes to alone. */
    @Test
    final void required_12_06_parametersDoNotMix() throws Exception {
        verify("12.06");
    }

    /** Two fresh optimizers take the same path, to the bit. */
    @Test
    final void required_12_07_theSamePathTwice() throws Exception {
        verify("12.07");
    }

    /** With a learning rate of 0 values stay as they are, to the bit. */
    @Test
    final void required_12_08_withoutARateNothingMoves() throws Exception {
        verify("12.08");
    }

    /** A parameter that is out of reach of decay and has never had a gradient but 0 stays as it is, to the bit. */
    @Test
    final void required_12_09_whatDoesNotDecayStays() throws Exception {
        verify("12.09");
    }
}
