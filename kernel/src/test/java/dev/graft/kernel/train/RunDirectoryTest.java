package dev.graft.kernel.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.spi.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
    @TempDir
    private Path root;

    private Path checkpoint(long step) throws IOException {
        Path path = new RunDirectory(root).checkpoint(step);
        Files.createDirectories(path);
        Files.writeString(path.resolve("state.json"), "{}");
        return path;
    }

    @Test
    void checkpointsAreFoundByTheirStepWhateverElseIsThere() throws IOException {
        Path second = checkpoint(2);
        Path tenth = checkpoint(10);
        Files.createDirectories(second.resolveSibling(".step-00000012.partial-1-2-abc"));
        Files.createDirectories(second.resolveSibling("step-notes"));

        assertThat(new RunDirectory(root).latestFirst()).containsExactly(tenth, second);
    }

    @Test
    void pruningKeepsTheLatest() throws IOException {
        checkpoint(2);
        Path tenth = checkpoint(10);
        Path eleventh = checkpoint(11);

        new RunDirectory(root).prune(2);

        assertThat(new RunDirectory(root).latestFirst()).containsExactly(eleventh, tenth);
    }

    @Test
    void aDamagedCheckpointIsPassedOverWithANote() throws IOException {
        Path second = checkpoint(2);
        Path tenth = checkpoint(10);
        List<Path> asked = new ArrayList<>();

        Resumption resumption = Resumption.from(new RunDirectory(root), path -> {
            asked.add(path);
            if (path.equals(tenth)) {
                throw new ConfigurationException("state.json is torn");
            }
            return new RunState(2, 0, 0, 0, 0, 1, 0, Map.of());
        });

        assertThat(asked).containsExactly(tenth, second);
        assertThat(resumption.state().step()).isEqualTo(2);
        assertThat(resumption.notes())
                .containsExactly("checkpoint step-00000010 cannot be read and was passed over: state.json is torn");
    }

    @Test
    void whereNoCheckpointCanBeReadTheLatestIsBlamed() throws IOException {
        checkpoint(2);
        checkpoint(10);

        assertThatThrownBy(() -> Resumption.from(new RunDirectory(root), path -> {
                    throw new ConfigurationException(path.getFileName() + " is torn");
                }))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("no checkpoint of " + root + " can be read: step-00000010 is torn");
    }

    @Test
    void aRunWithoutCheckpointsBeginsAtItsBeginning() {
        assertThat(Resumption.from(new RunDirectory(root), path -> RunState.start()))
                .isEqualTo(new Resumption(RunState.start(), List.of()));
    }

    @Test
    void aStateThatLacksAKeyIsNamed() {
        Map<String, Object> map = RunState.start().toMap();
        map.remove("epoch");

        assertThatThrownBy(() -> RunState.of(map, Path.of("state.json")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("state.json is not the state of a run: 'epoch' is missing or damaged");
    }
}
