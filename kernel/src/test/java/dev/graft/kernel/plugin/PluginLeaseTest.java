package dev.graft.kernel.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.optimizer.OptimizerProvider;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PluginLeaseTest {
    private final PluginRegistry registry = new PluginRegistry();
    private final List<String> unloaded = new ArrayList<>();

    private Plugin optimizer(String id, String version) {
        OptimizerProvider<?> provider = mock(OptimizerProvider.class);
        when(provider.id()).thenReturn(id);
        when(provider.version()).thenReturn(version);
        return Plugin.of(PluginKind.OPTIMIZER, provider, id + "-" + version + ".jar");
    }

    private Plugin added(String id, String version) {
        Plugin plugin = optimizer(id, version);
        registry.add(plugin);
        return plugin;
    }

    private void uninstall(Plugin plugin) {
        registry.replace(List.of(plugin), List.of(), () -> unloaded.add(plugin.toString()));
    }

    @Test
    void whatNobodyHoldsIsUnloadedAtOnce() {
        uninstall(added("alpha", "1"));

        assertThat(registry.plugins()).isEmpty();
        assertThat(unloaded).containsExactly("optimizer alpha@1");
    }

    @Test
    void whatIsHeldIsGoneForNewWorkAtOnceAndUnloadedWhenTheLastLeaseEnds() {
        Plugin alpha = added("alpha", "1");
        PluginLease first = registry.lease("first");
        PluginLease second = registry.lease("second");
        first.optimizer("alpha");
        second.optimizer("alpha@1");

        uninstall(alpha);

        assertThatThrownBy(() -> registry.optimizer("alpha")).isInstanceOf(ConfigurationException.class);
        assertThat(first.optimizer("alpha")).isSameAs(alpha.provider());
        assertThat(registry.leaving()).containsExactly(alpha);
        assertThat(registry.holders(alpha)).containsExactly("first", "second");
        first.close();
        assertThat(unloaded).isEmpty();
        second.close();
        assertThat(unloaded).containsExactly("optimizer alpha@1");
        assertThat(registry.leaving()).isEmpty();
    }

    @Test
    void aLeaseKeepsTheVersionItTookWhenANewerOneComes() {
        Plugin old = added("alpha", "1.0.0");
        try (PluginLease running = registry.lease("running");
                PluginLease next = registry.lease("next")) {
            running.optimizer("alpha");
            Plugin recent = added("alpha", "1.1.0");

            assertThat(running.optimizer("alpha")).isSameAs(old.provider());
            assertThat(running.newest(PluginKind.OPTIMIZER)).containsExactly(old);
            assertThat(next.optimizer("alpha")).isSameAs(recent.provider());
            assertThat(running.optimizer("alpha@1.1.0")).isSameAs(recent.provider());
        }
    }

    @Test
    void aVersionThatWasAskedForDoesNotDecideWhatIsTakenWithoutOne() {
        Plugin old = added("alpha", "1.0.0");
        Plugin recent = added("alpha", "1.1.0");
        try (PluginLease lease = registry.lease("run")) {
            assertThat(lease.optimizer("alpha@1.0.0")).isSameAs(old.provider());
            assertThat(lease.optimizer("alpha")).isSameAs(recent.provider());
        }
    }

    @Test
    void aJarThatIsReplacedByOneOfTheSameVersionStaysForWhoUsesIt() {
        Plugin old = added("alpha", "1");
        Plugin rebuilt = optimizer("alpha", "1");
        PluginLease running = registry.lease("running");
        running.optimizer("alpha");

        assertThat(registry.replace(List.of(old), List.of(rebuilt), () -> unloaded.add("old")))
                .containsExactly(rebuilt);

        assertThat(running.optimizer("alpha@1")).isSameAs(old.provider());
        assertThat(registry.optimizer("alpha")).isSameAs(rebuilt.provider());
        assertThat(unloaded).isEmpty();
        running.close();
        assertThat(unloaded).containsExactly("old");
    }

    @Test
    void thePluginsOfOneJarAreUnloadedTogether() {
        Plugin alpha = added("alpha", "1");
        Plugin beta = added("beta", "1");
        PluginLease lease = registry.lease("run");
        lease.optimizer("beta");

        registry.replace(List.of(alpha, beta), List.of(), () -> unloaded.add("both"));

        assertThat(unloaded).isEmpty();
        lease.close();
        assertThat(unloaded).containsExactly("both");
    }

    @Test
    void lookingForAPluginHoldsTheOneThatIsFoundAlone() {
        added("alpha", "1");
        Plugin beta = added("beta", "1");
        try (PluginLease lease = registry.lease("run")) {
            assertThat(lease.find(PluginKind.OPTIMIZER, plugin -> plugin.id().startsWith("b")))
                    .contains(beta);
            assertThat(lease.held()).containsExactly(beta);
        }
    }

    @Test
    void nothingIsUnloadedWhileSomebodyLooksThroughItsKind() {
        Plugin alpha = added("alpha", "1");
        try (PluginLease kept = registry.keep(PluginKind.OPTIMIZER)) {
            uninstall(alpha);
            assertThat(kept.held()).containsExactly(alpha);
            assertThat(unloaded).isEmpty();
        }
        assertThat(unloaded).hasSize(1);
    }

    @Test
    void closingALeaseTwiceDoesNoHarm() {
        Plugin alpha = added("alpha", "1");
        PluginLease lease = registry.lease("run");
        lease.optimizer("alpha");
        lease.close();
        lease.close();
        uninstall(alpha);

        assertThat(unloaded).hasSize(1);
    }

    @Test
    void aPluginThatFailsIsNamedWithItsJarAndTheCause() {
        Plugin alpha = added("alpha", "1");

        assertThatThrownBy(() -> PluginFailure.guard(alpha, () -> {
                    throw new NoClassDefFoundError("org/example/Missing");
                }))
                .isInstanceOf(PluginFailure.class)
                .hasMessage("optimizer alpha@1 of alpha-1.jar failed: NoClassDefFoundError (org/example/Missing)");
        assertThatThrownBy(() -> PluginFailure.guard(alpha, () -> {
                    throw new ConfigurationException("key 'r' is 0");
                }))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("key 'r' is 0");
    }
}
