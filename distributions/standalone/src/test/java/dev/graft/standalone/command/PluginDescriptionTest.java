package dev.graft.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.graft.kernel.config.KeyTable;
import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.ServiceLoaderHost;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.plugin.Documentation;
import dev.graft.standalone.Run;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PluginDescriptionTest {
    static Stream<Plugin> methods() {
        List<Plugin> methods = new ServiceLoaderHost(PluginDescriptionTest.class.getClassLoader())
                .registry()
                .plugins(PluginKind.METHOD);
        assertThat(methods).hasSizeGreaterThanOrEqualTo(14);
        return methods.stream();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void everyMethodIsDescribedInFull(Plugin plugin) {
        MethodProvider<?> method = (MethodProvider<?>) plugin.provider();
        Documentation documentation = method.documentation();

        Run run = Run.graft("plugins", "describe", plugin.id());

        assertThat(run.code()).isZero();
        tells(run, "Idea:", documentation.idea());
        tells(run, "Formula:", documentation.formula());
        tells(run, "Paper:", documentation.source());
        tells(run, "When to choose it:", documentation.choose());
        tells(run, "Trainable parameters:", documentation.parameters());
        tells(run, "On disk:", documentation.disk());
        for (KeyTable.Row key : KeyTable.of(method.configuration())) {
            assertThat(run.out()).contains(key.key());
        }
    }

    /** But for those that are of no use by themselves. */
    @ParameterizedTest
    @MethodSource("methods")
    void everyMethodSaysWhatItIsGoodFor(Plugin plugin) {
        assumeFalse("ewc".equals(plugin.id()), "stands behind other methods");
        assertThat(((MethodProvider<?>) plugin.provider()).suitability())
                .hasValueSatisfying(
                        suitability -> assertThat(suitability.tasks()).isNotEmpty());
    }

    /** The text stands under its heading, wherever lines were broken. */
    private static void tells(Run run, String heading, String text) {
        assertThat(text).isNotBlank();
        assertThat(words(run.out())).contains(words(heading + " " + text));
    }

    private static String words(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }
}
