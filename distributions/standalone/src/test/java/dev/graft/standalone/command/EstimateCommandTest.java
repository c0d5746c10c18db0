package dev.graft.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.standalone.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EstimateCommandTest {
    private static final String EXAMPLES = "../../examples/";

    @TempDir
    private Path directory;

    private TinyRun tiny;

    @BeforeEach
    void writeRecipe() throws IOException {
        tiny = new TinyRun(directory);
    }

    @Test
    void asManyParametersAreToldAsARunTrains() throws IOException {
        sameParameters(tiny.recipe().toString());
        sameParameters(tiny.recipe().toString(), "method={id: full, trainable_layers: 1}");
    }

    @Test
    void aHeadOverTheClassesOfTheDataIsCounted() throws IOException {
        sameParameters(EXAMPLES + "quickstart.yaml", "data.limit=32", "data.eval_limit=8");
    }

    @Test
    void memoryIsTheSumOfItsPartsAndGrowsWithTheBatch() throws IOException {
        JsonNode small = json("estimate", tiny.recipe().toString());
        JsonNode large = json("estimate", tiny.recipe().toString(), "data.batch_size=8");

        long sum = 0;
        for (JsonNode part : small.path("bytes")) {
            sum += part.asLong();
        }
        assertThat(small.path("total_bytes").asLong()).isEqualTo(sum);
        assertThat(large.path("bytes").path("step").asLong())
                .isGreaterThan(small.path("bytes").path("step").asLong());
        assertThat(small.path("bytes").path("optimizer").asLong())
                .isEqualTo(8 * small.path("trainable_parameters").asLong());
    }

    @Test
    void nothingIsWrittenAndAPersonReadsATable() {
        Run run = Run.graft("estimate", tiny.recipe().toString(), "output=" + tiny.run("run"), "optimizer=sgd");

        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .containsPattern("trainable params: [\\d,]+ \\|\\|")
                .containsPattern("lora +[\\d,]+ +[\\d.]+%")
                .containsPattern("optimizer +0 B")
                .containsPattern("total +[\\d.]+ MiB")
                .contains("for batches of up to 4 rows of ");
        assertThat(tiny.run("run")).doesNotExist();
    }

    @Test
    void whatCouldNotBeginIsRefusedInOneSentence() {
        Run run = Run.graft("estimate", tiny.recipe().toString(), "output=nothing", "method.target_modules=[nowhere]");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).startsWith("graft: ").contains("nowhere").hasLineCount(1);
    }

    private static void sameParameters(String... recipe) throws IOException {
        JsonNode estimate = json("estimate", recipe);
        JsonNode prepared = json("train", with(recipe, "--dry-run"));

        assertThat(estimate.path("trainable_parameters").asLong())
                .isEqualTo(prepared.path("trainable_parameters").asLong())
                .isPositive();
        assertThat(estimate.path("all_parameters").asLong())
                .isEqualTo(prepared.path("all_parameters").asLong());
    }

    private static JsonNode json(String command, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of(with(arguments, "output=" + Path.of("target", "never-written"), "--json")));
        Run run = Run.graft(all.toArray(String[]::new));
        assertThat(run.err()).isEmpty();
        return new ObjectMapper().readTree(run.out());
    }

    private static String[] with(String[] arguments, String... more) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }
}
