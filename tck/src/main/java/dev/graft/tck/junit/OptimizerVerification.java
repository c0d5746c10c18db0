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
public abstract class OptimizerVerification extends RuleTests {
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
