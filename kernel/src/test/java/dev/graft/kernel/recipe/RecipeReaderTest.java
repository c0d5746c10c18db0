package dev.graft.kernel.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeReaderTest {
    private static final String RECIPE = """
            model: {path: base, dtype: bfloat16}
            method:
              id: sketch
              rank: 4
              targets: [q, v]
            objective: guess
            schedule: {learning_rate: 1e-3, warmup_ratio: 0.1}
            data:
              train: train.jsonl
              eval_fraction: 0.1
            training:
              steps: 100
            output: runs/one
            """;

    @TempDir
    Path directory;

    private final PluginRegistry plugins = SamplePlugins.registry();
    private Path recipes;
    private Path working;

    @BeforeEach
    void files() throws IOException {
        recipes = Files.createDirectories(directory.resolve("recipes"));
        working = Files.createDirectories(directory.resolve("working"));
        Files.createDirectories(recipes.resolve("base"));
        Files.writeString(recipes.resolve("train.jsonl"), "{}");
        Files.writeString(working.resolve("more.jsonl"), "{}");
    }

    private Recipe read(String yaml, String... overrides) {
        Map<String, Object> defaults = Map.of("optimizer", "walk", "engine", "abacus");
        return new RecipeReader(plugins, defaults, working).read(yaml, recipes, List.of(overrides));
    }

    @Test
    void aRecipeIsReadWithItsShorthandsAndDefaults() {
        Recipe recipe = read(RECIPE);

        assertThat(recipe.model())
                .isEqualTo(new ModelSection(recipes.resolve("base").toString(), null, false, DType.BFLOAT16));
        assertThat(recipe.methods())
                .containsExactly(
                        new MethodSection("sketch", null, null, Map.of("rank", 4L, "targets", List.of("q", "v"))));
        assertThat(recipe.objective()).isEqualTo(PluginSection.of("guess"));
        assertThat(recipe.optimizer()).isEqualTo(PluginSection.of("walk"));
        assertThat(recipe.engine()).isEqualTo(PluginSection.of("abacus"));
        assertThat(recipe.quantizer()).isNull();
        assertThat(recipe.schedule().kind()).isEqualTo(ScheduleSection.Kind.LINEAR);
        assertThat(recipe.data().trainFiles()).containsExactly(recipes.resolve("train.jsonl"));
        assertThat(recipe.data().batchSize()).isEqualTo(8);
        assertThat(recipe.training().seed()).isEqualTo(42);
        assertThat(recipe.outputDirectory()).isEqualTo(working.resolve("runs/one"));
    }

    @Test
    void overridesGoBeforeTheFile() {
        Recipe recipe = read(
                RECIPE,
                "training.steps=7",
                "method.rank=16",
                "optimizer={id: walk, stride: 2}",
                "training.early_stopping.patience=5",
                "data.train=[train.jsonl, more.jsonl]",
                "model.dtype=float32");

        assertThat(recipe.training().steps()).isEqualTo(7);
        assertThat(recipe.methods().get(0).options()).containsEntry("rank", 16L);
        assertThat(recipe.optimizer()).isEqualTo(new PluginSection("walk", Map.of("stride", 2L)));
        assertThat(recipe.training().earlyStopping().patience()).isEqualTo(5);
        assertThat(recipe.data().trainFiles())
                .containsExactly(recipes.resolve("train.jsonl"), working.resolve("more.jsonl"));
        assertThat(recipe.model().dtype()).isEqualTo(DType.FLOAT32);
    }

    @Test
    void anElementOfAListIsOverriddenByItsIndex() {
        String several =
                RECIPE.replace("method:\n  id: sketch\n  rank: 4\n  targets: [q, v]", "method: [sketch, outline]");

        assertThat(read(several, "method[0].rank=2", "method.1.name=second").methods())
                .containsExactly(
                        new MethodSection("sketch", null, null, Map.of("rank", 2L)),
                        new MethodSection("outline", "second", null, Map.of()));
    }

    @Test
    void whatIsWrittenReadsBackEqualFromAnywhere() {
        for (String method : List.of(RECIPE, RECIPE.replace("id: sketch", "id: sketch\n  name: it's 1e-4"))) {
            Recipe recipe = read(method, "show=[Once upon a time, 'true']", "model.dtype=float16");

            Recipe again = new RecipeReader(plugins, Map.of(), directory)
                    .read(RecipeReader.write(recipe), directory, List.of());

            assertThat(again).isEqualTo(recipe);
        }
    }

    @Test
    void anAdapterToGoOnFromBringsItsOwnKeys() throws IOException {
        Path adapter = Files.createDirectories(working.resolve("adapter"));

        Recipe recipe = read(RECIPE, "method={adapter: adapter}");

        assertThat(recipe.methods()).containsExactly(new MethodSection(null, null, adapter.toString(), Map.of()));
    }

    @Test
    void aModelThatIsNoDirectoryButLooksLikeAHubIdIsLeftAsItIs() {
        assertThat(read(RECIPE, "model=org/name-1.5B").model().path()).isEqualTo("org/name-1.5B");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "method.rnk=3 | command line: unknown key 'method.rnk'; did you mean 'rank'?",
                "method.rank=zero | command line: key 'method.rank' holds the text 'zero'; expected a whole number of at least 1",
                "method.id=scetch | command line: key 'method.id': there is no method 'scetch'; did you mean 'sketch'? available: outline, sketch",
                "quantizer=tiny | command line: key 'quantizer.id': there is no quantizer 'tiny'; available: none",
                "trainig.steps=3 | command line: unknown key 'trainig'; did you mean 'training'?",
                "training.epochs=1 | recipe, line 11: key 'training' says both epochs and steps; exactly one of them is allowed",
                "training.steps= | recipe, line 11: key 'training' says neither epochs nor steps; exactly one of them is needed",
                "data.eval=train.jsonl | recipe, line 10: key 'data.eval_fraction' stands beside eval; only one of them is allowed",
                "output='' | command line: key 'output' is empty; expected a directory",
                "method=[] | command line: key 'method' is an empty list; at least one method is needed",
                "method={} | command line: key 'method[0]' has neither an id nor an adapter to go on from; one of them is needed",
                "method=[sketch, sketch] | command line: key 'method[1]' has the name 'sketch', as another has; give each its own name",
                "method.adapter=base | recipe, line 4: key 'method[0].rank' stands beside an adapter to go on from, which brings its own keys; only id, name, adapter, frozen and tasks are allowed there",
                "model.path.deep=1 | command line: 'model.path.deep=1' wants a key inside 'model.path', which holds base and no keys",
                "method.targets.5=a | command line: 'method.targets.5=a' wants '5' of 'method.targets', which is a list; allowed: an index from 0 to 2",
                "training.steps | command line: found 'training.steps' where key.path=value is expected, such as training.seed=7",
                "training..steps=1 | command line: the key path of 'training..steps=1' has an empty part",
                "model.dtype=int64 | command line: key 'model.dtype' holds the text 'int64'; expected one of float32, bfloat16, float16"
            })
    void aMistakeOnTheCommandLineIsOneSentence(String override, String message) {
        String argument = override.equals("output=") ? "output=''" : override;

        assertThatThrownBy(() -> read(RECIPE, argument))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(message);
    }

    @Test
    void aMistakeInTheFileIsNamedWithItsLine() {
        assertThatThrownBy(() -> read(RECIPE.replace("rank: 4", "rank: 0")))
                .hasMessage(
                        "recipe, line 4: key 'method.rank' holds the number 0; expected a whole number of at least 1");
        assertThatThrownBy(() -> read(RECIPE.replace("objective: guess", "objective: gess")))
                .hasMessage("recipe, line 6: key 'objective.id': there is no objective 'gess'; did you mean 'guess'?"
                        + " available: guess");
        assertThatThrownBy(() -> read(RECIPE.replace("objective: guess\n", "")))
                .hasMessage("recipe: key 'objective' is missing; expected a section (What training minimises: an"
                        + " objective's id and its keys), or tasks with one for each");
    }

    @Test
    void aFileThatIsNotThereIsNamedWithBothPlacesItWasLookedFor() {
        assertThatThrownBy(() -> read(RECIPE.replace("train.jsonl", "trian.jsonl")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("recipe, line 9: key 'data.train' names 'trian.jsonl', but there is neither "
                        + recipes.resolve("trian.jsonl") + " nor " + working.resolve("trian.jsonl"));
        assertThatThrownBy(() -> read(RECIPE, "model=./missing"))
                .hasMessage("command line: key 'model.path' names './missing', but there is neither "
                        + recipes.resolve("missing") + " nor " + working.resolve("missing"));
    }
}
