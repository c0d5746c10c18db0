package dev.graft.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.plugin.ServiceLoaderHost;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.recipe.RecipeReader;
import dev.graft.standalone.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecommendCommandTest {
    private static final Path EXAMPLES = Path.of("../../examples");
    private static final String MODEL = EXAMPLES.resolve("starter/model").toString();
    private static final String DATA =
            EXAMPLES.resolve("data/feelings/train.jsonl").toString();

    @TempDir
    private Path directory;

    private final PluginRegistry plugins =
            new ServiceLoaderHost(RecommendCommandTest.class.getClassLoader()).registry();

    @Test
    void aHandfulOfExamplesAsksForAMethodOfFewNumbers() throws IOException {
        JsonNode answer = answer("--task", "classification", "--examples", "16");

        assertThat(answer.path("method").asText()).isEqualTo("ia3");
        assertThat(reasons(answer).get("full")).startsWith("wants more data: 50,000 examples and more");
        assertThat(reasons(answer).get("adapter-fusion")).startsWith("needs ");
    }

    @Test
    void instructionsUnderATightLatencyAskForAMethodThatMerges() throws IOException {
        JsonNode answer = answer("--task", "instruction", "--examples", "10000", "--latency", "none");

        assertThat(answer.path("method").asText()).isEqualTo("lora");
        assertThat(reasons(answer).get("adapter")).startsWith("too slow afterwards");
        assertThat(reasons(answer).get("prefix")).startsWith("too slow afterwards");
        assertThat(reasons(answer).get("bitfit")).isEqualTo("not meant for CAUSAL_LM");
    }

    @Test
    void muchDataAndMemoryAskForTrainingEverythingAndLittleMemoryForLess() throws IOException {
        String[] much = {"--task", "text", "--examples", "1000000", "--model", MODEL};

        JsonNode roomy = answer(with(much, "--memory", "64GB"));
        JsonNode tight = answer(with(much, "--memory", "380MB"));

        assertThat(roomy.path("method").asText()).isEqualTo("full");
        assertThat(tight.path("method").asText()).isEqualTo("lora");
        assertThat(reasons(tight).get("full")).contains("MiB before any activation");
    }

    @Test
    void batchesBecomeSmallerUntilTheyFitIntoMemory() throws IOException {
        String[] asked = {"--task", "classification", "--examples", "2000", "--model", MODEL, "--data", DATA};

        Recipe roomy = recipe(answer(asked));
        Recipe tight = recipe(answer(with(asked, "--memory", "365MiB")));

        assertThat(roomy.data().batchSize()).isEqualTo(8);
        assertThat(tight.data().batchSize()).isLessThan(8);
        assertThat(tight.data().batchSize() * tight.data().gradientAccumulation())
                .isEqualTo(8);
    }

    @Test
    void everyInstalledMethodGetsAVerdict() throws IOException {
        JsonNode answer = answer("--task", "classification", "--examples", "500");

        List<String> judged = new ArrayList<>(reasons(answer).keySet());
        judged.add(answer.path("method").asText());
        assertThat(judged)
                .containsExactlyInAnyOrderElementsOf(plugins.plugins(PluginKind.METHOD).stream()
                        .map(plugin -> plugin.id())
                        .toList());
    }

    @Test
    void theRecipeIsTrainedAsItIs() {
        Path file = directory.resolve("recipe.yaml");
        Run written = Run.graft(
                "recommend",
                "--task",
                "classification",
                "--examples",
                "16",
                "--model",
                MODEL,
                "--data",
                DATA,
                "--output",
                file.toString());
        assertThat(written.err()).isEmpty();
        assertThat(written.out()).startsWith("take ia3: ").contains("WHY OR WHY NOT", file.toString());

        Run trained = Run.graft(
                "train", file.toString(), "output=" + directory.resolve("run"), "data.limit=16", "training.epochs=2");

        assertThat(trained.err()).isEmpty();
        assertThat(trained.code()).isZero();
        assertThat(directory.resolve("run/adapter/adapter_model.safetensors")).exists();
    }

    @Test
    void whatCannotBeAnsweredIsRefusedInOneSentence() throws IOException {
        Path there = Files.writeString(directory.resolve("there.yaml"), "model: mine");

        refused("--memory needs --model", "--task", "text", "--examples", "5", "--memory", "1GB");
        refused("--examples is 0", "--task", "text", "--examples", "0");
        refused("exists already", "--task", "text", "--examples", "5", "--output", there.toString());
        refused(
                "no installed technique fits",
                "--task",
                "text",
                "--examples",
                "5",
                "--model",
                MODEL,
                "--memory",
                "10MB");
        assertThat(there).hasContent("model: mine");
    }

    private static void refused(String sentence, String... arguments) {
        Run run = Run.graft(with(new String[] {"recommend"}, arguments));

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("graft: ").contains(sentence).hasLineCount(1);
    }

    private JsonNode answer(String... arguments) throws IOException {
        Run run = Run.graft(with(with(new String[] {"recommend"}, arguments), "--json"));
        assertThat(run.err()).isEmpty();
        JsonNode answer = new ObjectMapper().readTree(run.out());
        assertThat(recipe(answer).methods().get(0).id())
                .isEqualTo(answer.path("method").asText());
        return answer;
    }

    private Recipe recipe(JsonNode answer) {
        List<String> paths = List.of(
                "model=" + Path.of(MODEL).toAbsolutePath(),
                "data.train=" + Path.of(DATA).toAbsolutePath());
        return new RecipeReader(plugins, Defaults.SECTIONS, directory)
                .read(answer.path("recipe").asText(), directory, paths);
    }

    private static Map<String, String> reasons(JsonNode answer) {
        Map<String, String> reasons = new TreeMap<>();
        answer.path("alternatives")
                .forEach(one -> reasons.put(
                        one.path("method").asText(), one.path("reason").asText()));
        return reasons;
    }

    private static String[] with(String[] arguments, String... more) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }
}
