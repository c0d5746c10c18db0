package dev.graft.kernel.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PluginVersionTest {
    @Test
    void versionsAreOrderedByTheirNumbers() {
        List<PluginVersion> versions = Arrays.asList(
                PluginVersion.parse("0.9"),
                PluginVersion.parse("1.0-SNAPSHOT"),
                PluginVersion.parse("1.0.0"),
                PluginVersion.parse("1.9"),
                PluginVersion.parse("1.10"),
                PluginVersion.parse("2"));

        assertThat(versions).isSorted();
    }

    @Test
    void trailingZerosDoNotMatter() {
        assertThat(PluginVersion.parse("1.0"))
                .isEqualTo(PluginVersion.parse("1"))
                .hasSameHashCodeAs(PluginVersion.parse("1.0.0"));
    }

    @Test
    void aMalformedVersionIsRefused() {
        assertThatThrownBy(() -> PluginVersion.parse("new"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("its version is 'new' where numbers joined by dots are expected");
    }
}
