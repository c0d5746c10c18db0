package dev.graft.standalone.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.kernel.checkpoint.DownloadListener;
import dev.graft.kernel.plugin.ServiceLoaderHost;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.train.Trainer;
import dev.graft.kernel.train.TrainingEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What pre-trained prompt tuning is for: with a handful of labelled texts a prompt from stage one learns more than a random
 * one. The prompt of stage one is kept among the test's resources; the recipes of the examples made it.
 */
class FewShotPromptTest {
    private static final int SEEDS = 5;
    private static final int TEXTS = 16;

    /** Well below the difference that the method's README reports. */
    private static final double MARGIN = 0.02;

    private static final Path DATA = ExampleRecipe.ROOT.resolve("examples/data");
    private static final Path PRETRAINED =
            Path.of("src/test/resources/ppt-pretrained").toAbsolutePath();

    @TempDir
    private Path directory;

    @Test
    void aPromptFromStageOneLearnsMoreFromFewTextsThanARandomOne() throws IOException {
        double pretrained = meanAccuracy("tune.yaml", "method={adapter: " + PRETRAINED + "}");
        double random = meanAccuracy("from-random.yaml");

        assertThat(pretrained).isGreaterThan(random + MARGIN);
    }

    /** Every seed has texts of its own to learn from. */
    private double meanAccuracy(String name, String... changes) throws IOException {
        List<String> records = Files.readAllLines(DATA.resolve("moods/train.jsonl"));
        double sum = 0;
        for (int seed = 1; seed <= SEEDS; seed++) {
            Path texts = directory.resolve("texts-" + seed + ".jsonl");
            Files.write(texts, records.subList((seed - 1) * TEXTS, seed * TEXTS));
            List<String> all = new ArrayList<>(List.of(changes));
            all.add("data.train=" + texts);
            all.add("training.seed=" + seed);
            all.add("training.evaluate_first=false");
            all.add("engine={id: torch, threads: 1}");
            sum += accuracy(
                    new ExampleRecipe(Path.of("examples/ppt", name)).read(directory, all.toArray(String[]::new)));
        }
        return sum / SEEDS;
    }

    private static double accuracy(Recipe recipe) {
        Trainer trainer = new Trainer(
                new ServiceLoaderHost(FewShotPromptTest.class.getClassLoader()).registry(), DownloadListener.SILENT);
        return trainer.train(recipe)
                .ofType(TrainingEvent.Evaluated.class)
                .map(evaluated -> evaluated.figures().get("accuracy"))
                .last()
                .block();
    }

    @Test
    void neitherTheAnnotatorNorStageOneReadsATextOfTheTask() throws IOException {
        Set<String> task = texts("moods/train.jsonl");
        task.addAll(texts("moods/test.jsonl"));

        assertThat(texts("told/train.jsonl")).hasSize(800).doesNotContainAnyElementsOf(task);
        assertThat(texts("snippets/train.jsonl"))
                .hasSize(2000)
                .doesNotContainAnyElementsOf(task)
                .doesNotContainAnyElementsOf(texts("told/train.jsonl"));
    }

    private static Set<String> texts(String file) throws IOException {
        Set<String> texts = new HashSet<>();
        for (String line : Files.readAllLines(DATA.resolve(file))) {
            texts.add(new ObjectMapper().readTree(line).path("text").asText());
        }
        return texts;
    }
}
