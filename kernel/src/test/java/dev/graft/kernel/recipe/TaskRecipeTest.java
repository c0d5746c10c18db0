package dev.graft.kernel.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.recipe.MixingSection.Sampling;
import dev.graft.kernel.recipe.MixingSection.Weighting;
import dev.graft.spi.config.ConfigurationException;
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

class TaskRecipeTest {
    private static final String RECIPE = """
            model: base
            method: [{id: sketch, name: shared}, {id: sketch, tasks: [two]}]
            tasks:
              - name: one
                objective: guess
                data: train.jsonl
                show: [hello]
              - name: two
                objective: {id: guess}
                data: {train: [train.jsonl], eval_fraction: 0.1}
                weight: 0.5
            mixing: {sampling: temperature, temperature: 3, gradient_accumulation: 4}
            schedule: {learning_rate: 1e-3}
            training: {epochs: 1}
            output: out
            """;

    @TempDir
    private Path directory;

    @BeforeEach
    void files() throws IOException {
        Files.createDirectories(directory.resolve("base"));
        Files.writeString(directory.resolve("train.jsonl"), "{}");
        Files.writeString(directory.resolve("more.jsonl"), "{}");
    }

    private Recipe read(String yaml, String... overrides) {
        Map<String, Object> defaults = Map.of("optimizer", "walk", "engine", "abacus");
        return new RecipeReader(SamplePlugins.registry(), defaults, directory)
                .read(yaml, directory, List.of(overrides));
    }

    @Test
    void everyTaskHasItsSectionsWithShorthandsAndAbsolutePaths() {
        Recipe recipe = read(RECIPE);

        assertThat(recipe.mixesTasks()).isTrue();
        assertThat(recipe.objective()).isNull();
        assertThat(recipe.data()).isNull();
        assertThat(recipe.gradientAccumulation()).isEqualTo(4);
        assertThat(recipe.mixture()).isEqualTo(new MixingSection(Sampling.TEMPERATURE, 3, Weighting.FIXED, 4));
        assertThat(recipe.tasks()).extracting(TaskSection::name).containsExactly("one", "two");
        assertThat(recipe.tasks()).extracting(TaskSection::weight).containsExactly(1.0, 0.5);
        assertThat(recipe.tasks()).extracting(TaskSection::objective).containsOnly(PluginSection.of("guess"));
        assertThat(recipe.tasks())
                .allSatisfy(
                        task -> assertThat(task.data().trainFiles()).containsExactly(directory.resolve("train.jsonl")));
        assertThat(recipe.tasks().get(0).show().prompts()).containsExactly("hello");
        assertThat(recipe.methods()).extracting(MethodSection::tasks).containsExactly(List.of(), List.of("two"));
    }

    @Test
    void aRecipeOfOneTaskIsThatTaskWithoutAName() {
        Recipe recipe =
                read(RECIPE, "tasks=null", "mixing=null", "objective=guess", "data=train.jsonl", "method=sketch");

        assertThat(recipe.mixesTasks()).isFalse();
        assertThat(recipe.allTasks()).containsExactly(new TaskSection("", recipe.objective(), recipe.data(), 1, null));
    }

    @Test
    void keysOfATaskAreOverriddenByItsIndex() {
        Recipe recipe = read(RECIPE, "tasks[0].data.train=more.jsonl", "tasks.1.weight=2");

        assertThat(recipe.tasks().get(0).data().trainFiles()).containsExactly(directory.resolve("more.jsonl"));
        assertThat(recipe.tasks().get(1).weight()).isEqualTo(2);
    }

    @Test
    void whatIsWrittenReadsBackEqual() {
        Recipe recipe = read(RECIPE);

        String written = RecipeReader.write(recipe);

        assertThat(read(written)).isEqualTo(recipe);
        assertThat(written).doesNotContain("options");
        assertThat(RecipeReader.write(read(RECIPE.substring(0, RECIPE.indexOf("method:")) + """
                method: sketch
                objective: guess
                data: train.jsonl
                schedule: {learning_rate: 1e-3}
                training: {epochs: 1}
                output: out
                """)))
                .doesNotContain("tasks")
                .doesNotContain("mixing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "objective=guess | command line: key 'objective' stands beside tasks, each of which has its own; only one of the two is allowed",
                "data=train.jsonl | command line: key 'data' stands beside tasks, each of which has its own; only one of the two is allowed",
                "show=[a] | command line: key 'show' stands beside tasks, each of which has its own; only one of the two is allowed",
                "tasks[1].name=one | recipe, line 8: key 'tasks[1]' has the name 'one', as another has; give each its own name",
                "tasks[1].name=a/b | command line: key 'tasks[1].name' is 'a/b'; a task's name is made of letters, digits, - and _",
                "tasks[1].weight=0 | command line: key 'tasks[1].weight' is 0; expected a number above 0",
                "mixing.weighting=uncertainty | recipe, line 11: key 'tasks[1].weight' is 0.5, but mixing.weighting: uncertainty learns the weights; leave it out",
                "tasks[0].data.gradient_accumulation=2 | command line: key 'tasks[0].data.gradient_accumulation' is 2, but the batches of a step may belong to several tasks; mixing.gradient_accumulation counts them",
                "tasks[1].data.eval=more.jsonl | recipe, line 10: key 'tasks[1].data.eval_fraction' stands beside eval; only one of them is allowed",
                "tasks[0].data.train=less.jsonl | command line: key 'tasks[0].data.train' names 'less.jsonl', but there is no DIR/less.jsonl",
                "tasks[0].objective=gess | command line: key 'tasks[0].objective.id': there is no objective 'gess'; did you mean 'guess'? available: guess",
                "tasks[0].wait=2 | command line: unknown key 'tasks[0].wait'; allowed: name, objective, data, weight, show",
                "method[1].tasks=[three] | command line: key 'method[1].tasks' names 'three'; the tasks are one, two",
                "method[1].tasks=[two, two] | command line: key 'method[1].tasks' names a task twice",
                "method[0].tasks=[two] | recipe, line 4: key 'tasks[0]' has no method that learns; share one, or name 'one' in its tasks",
                "mixing.sampling=random | command line: key 'mixing.sampling' holds the text 'random'; expected one of proportional, equal, temperature"
            })
    void aMistakeIsOneSentenceWithItsPlace(String override, String sentence) {
        assertThatThrownBy(() -> read(RECIPE, override))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(sentence.replace("DIR", directory.toString()));
    }

    @Test
    void whatBelongsToTasksNeedsSome() {
        String one = RECIPE.replaceAll("(?s)tasks:\\n.*mixing", "objective: guess\ndata: train.jsonl\nmixing");

        assertThatThrownBy(() -> read(one))
                .hasMessageContaining("'mixing' says how tasks are mixed, but the recipe has no tasks");
        assertThatThrownBy(() -> read(one, "mixing=null"))
                .hasMessageContaining("'method[1].tasks' names 'two'; the recipe has no tasks");
    }
}
