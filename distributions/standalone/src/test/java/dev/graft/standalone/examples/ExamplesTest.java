package dev.graft.standalone.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.recipe.Recipe;
import dev.graft.spi.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExamplesTest {
    @TempDir
    private Path workingDirectory;

    static List<ExampleRecipe> all() {
        return ExampleRecipe.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyRecipeIsValidAndFindsItsFilesOnceItsCommandsAreFollowed(ExampleRecipe example) throws IOException {
        example.follow(workingDirectory);

        Recipe recipe = example.read(workingDirectory);

        assertThat(recipe.outputDirectory()).startsWithRaw(workingDirectory.resolve("runs"));
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyRecipeSaysHowItIsRunAndHowLongThatTakes(ExampleRecipe example) {
        assertThat(example.commands()).anyMatch(command -> command.startsWith("./graft train " + example.file()));
        assertThat(String.join(" ", example.introduction())).containsPattern("(second|minute|hour)s?\\b");
    }

    @Test
    void thereIsAnExampleOfEachKind() {
        assertThat(all())
                .extracting(ExampleRecipe::toString)
                .contains(
                        "examples/quickstart.yaml",
                        "examples/multi-task.yaml",
                        "examples/ppt/tune.yaml",
                        "examples/starter/pretrain.yaml");
    }

    @Test
    void aRecipeWhoseFirstCommandWasLeftOutIsRefused() {
        ExampleRecipe second = new ExampleRecipe(Path.of("examples/ppt/tune.yaml"));

        assertThatThrownBy(() -> second.read(workingDirectory))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("runs/ppt-pretrain/adapter");
    }
}
