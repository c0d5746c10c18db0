package dev.graft.kernel.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.model.ModelProvider;
import dev.graft.spi.optimizer.OptimizerProvider;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class PluginRegistryTest {
    private final PluginRegistry registry = new PluginRegistry();

    private static Plugin optimizer(String id, String version) {
        OptimizerProvider<?> provider = mock(OptimizerProvider.class);
        when(provider.id()).thenReturn(id);
        when(provider.version()).thenReturn(version);
        return Plugin.of(PluginKind.OPTIMIZER, provider, id + ".jar");
    }

    @Test
    void theNewestVersionIsTakenUnlessOneIsAskedFor() {
        Plugin old = optimizer("alpha", "1.9");
        Plugin recent = optimizer("alpha", "1.10");
        registry.add(recent);
        registry.add(old);

        assertThat(registry.optimizer("alpha")).isSameAs(recent.provider());
        assertThat(registry.optimizer("alpha@1.9")).isSameAs(old.provider());
    }

    @Test
    void aPinnedVersionIsTakenAsLongAsItIsThere() {
        Plugin old = optimizer("alpha", "1.9");
        Plugin recent = optimizer("alpha", "1.10");
        registry.add(recent);
        registry.add(old);
        registry.pin(PluginKind.OPTIMIZER, "alpha", "1.9");

        assertThat(registry.optimizer("alpha")).isSameAs(old.provider());
        assertThat(registry.newest(PluginKind.OPTIMIZER)).containsExactly(old);
        assertThat(registry.optimizer("alpha@1.10")).isSameAs(recent.provider());
        registry.remove(old);
        assertThat(registry.optimizer("alpha")).isSameAs(recent.provider());
    }

    @Test
    void anUnknownIdIsAnsweredWithTheNearestAndAllThatAreThere() {
        registry.add(optimizer("alpha", "1"));
        registry.add(optimizer("beta", "1"));

        assertThatThrownBy(() -> registry.optimizer("alfa"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("there is no optimizer 'alfa'; did you mean 'alpha'? available: alpha, beta");
        assertThatThrownBy(() -> registry.method("alpha"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("there is no method 'alpha'; available: none");
    }

    @Test
    void anUnknownVersionIsAnsweredWithThoseThatAreThere() {
        registry.add(optimizer("alpha", "1.9"));
        registry.add(optimizer("alpha", "1.10"));

        assertThatThrownBy(() -> registry.optimizer("alpha@2"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("there is no version 2 of optimizer 'alpha'; available: 1.10, 1.9");
    }

    @Test
    void aModelTypeFindsItsFamily() {
        ModelProvider family = mock(ModelProvider.class);
        when(family.id()).thenReturn("family");
        when(family.version()).thenReturn("1");
        when(family.modelTypes()).thenReturn(Set.of("one", "other"));
        registry.add(Plugin.of(PluginKind.MODEL, family, "family.jar"));

        assertThat(registry.modelFor("other")).isSameAs(family);
        assertThatThrownBy(() -> registry.modelFor("strange"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("no model plugin understands model_type 'strange'; allowed: one, other");
    }

    @Test
    void eventsTellWhatWasThereBeforeAndWhatHappensAfter() {
        Plugin alpha = optimizer("alpha", "1");
        registry.add(alpha);

        StepVerifier.create(registry.events())
                .expectNext(new PluginEvent.Added(alpha))
                .then(() -> registry.remove(alpha))
                .expectNext(new PluginEvent.Removed(alpha))
                .thenCancel()
                .verify();
        assertThat(registry.plugins()).isEmpty();
    }

    @Test
    void theSamePluginTwiceIsReportedAndTheFirstStays() {
        Plugin first = optimizer("alpha", "1");
        registry.add(first);

        assertThat(registry.add(optimizer("alpha", "1"))).isFalse();
        assertThat(registry.plugins()).containsExactly(first);
        StepVerifier.create(registry.events())
                .expectNext(new PluginEvent.Added(first))
                .expectNext(new PluginEvent.Broken(
                        PluginKind.OPTIMIZER, "alpha.jar", "optimizer alpha@1 is already there, from alpha.jar"))
                .thenCancel()
                .verify();
    }

    @Test
    void aMalformedIdIsRefused() {
        assertThatThrownBy(() -> optimizer("Alpha Beta", "1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "its id is 'Alpha Beta' where lower-case letters, digits and single hyphens between them are"
                                + " expected");
    }
}
