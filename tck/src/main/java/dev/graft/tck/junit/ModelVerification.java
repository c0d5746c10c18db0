package dev.graft.tck.junit;

import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.ServiceLoaderHost;
import dev.graft.spi.model.ModelProvider;
import dev.graft.tck.Kit;
import dev.graft.tck.bench.Bench;
import dev.graft.tck.rule.Examination;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every model family of the tiny models' types is held to. */
public abstract class ModelVerification extends ProviderTests {
    /** For subclasses. */
    protected ModelVerification() {}

    /** The model family. */
    protected abstract ModelProvider model();

    /** Id of the engine to run on. */
    protected String engine() {
        return "torch";
    }

    @Override
    final List<Examination<?>> examine() {
        ModelProvider model = model();
        Plugin examined = Plugin.of(PluginKind.MODEL, model, "the class under test");
        Bench bench = closing(new Bench(
                Kit.registry(new ServiceLoaderHost(model.getClass().getClassLoader()).registry(), List.of(examined)),
                engine(),
                1));
        return List.of(Kit.configuration(PluginKind.MODEL, model), Kit.model(bench, model));
    }

    /** A row gives the same alone, without padding, as in a batch. */
    @Test
    final void required_9_01_aRowDoesNotDependOnItsBatch() throws Exception {
        verify("9.01");
    }

    /** Padding in front of the rows changes no output. */
    @Test
    final void required_9_02_paddingInFrontChangesNothing() throws Exception {
        verify("9.02");
    }

    /** Token by token out of a cache a decoder gives what it gives in one pass. */
    @Test
    final void required_9_03_cachedEqualsOnePass() throws Exception {
        verify("9.03");
    }

    /** Changing a token of a decoder's input changes no output before it. */
    @Test
    final void required_9_04_aDecoderDoesNotSeeWhatComes() throws Exception {
        verify("9.04");
    }

    /** Changing a token changes an output. */
    @Test
    final void required_9_05_everyTokenIsHeard() throws Exception {
        verify("9.05");
    }

    /** No two sites of a kind have the same name. */
    @Test
    final void required_9_06_sitesHaveNamesOfTheirOwn() throws Exception {
        verify("9.06");
    }

    /** Blocks of the sites do not fall from one to the next, and every block has one. */
    @Test
    final void required_9_07_sitesStandInTheOrderOfThePass() throws Exception {
        verify("9.07");
    }

    /** Layers, width, heads, vocabulary, labels and task of the description are those of the configuration. */
    @Test
    final void required_9_08_theDescriptionIsTrue() throws Exception {
        verify("9.08");
    }

    /** Two passes give the same outputs, to the bit. */
    @Test
    final void required_9_09_itIsTheSameEveryTime() throws Exception {
        verify("9.09");
    }

    /** A pass leaves as many arrays alive as before, and closing the model frees its weights. */
    @Test
    final void required_9_10_aPassLeavesNoArrays() throws Exception {
        verify("9.10");
    }

    /** Without the key of its width, the configuration is refused in one sentence, and nothing is left. */
    @Test
    final void required_9_11_aMissingKeyIsNamed() throws Exception {
        verify("9.11");
    }

    /** task names the task of each architecture that architecture gives for it. */
    @Test
    final void required_9_12_architecturesAndTasksAgree() throws Exception {
        verify("9.12");
    }
}
