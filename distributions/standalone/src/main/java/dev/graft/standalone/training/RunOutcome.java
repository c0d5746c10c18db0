package dev.graft.standalone.training;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.kernel.train.TrainingEvent;
import dev.graft.standalone.report.MetricsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What a run has come to: its evaluations and samples, those before it was resumed among them. */
final class RunOutcome implements Consumer<TrainingEvent> {
    private final Path root;
    private final List<TrainingEvent.Evaluated> evaluations = new ArrayList<>();
    private final List<TrainingEvent.Shown> samples = new ArrayList<>();

    /** The outcome of a run in that directory. */
    RunOutcome(Path root) {
        this.root = root;
    }

    @Override
    public void accept(TrainingEvent event) {
        if (event instanceof TrainingEvent.Started started && started.firstStep() > 0) {
            recall(started.firstStep());
        } else if (event instanceof TrainingEvent.Evaluated evaluated) {
            evaluations.add(evaluated);
        } else if (event instanceof TrainingEvent.Shown shown) {
            samples.add(shown);
        }
    }

    /** The evaluation before the first step, if there was one. */
    Optional<TrainingEvent.Evaluated> before() {
        return evaluations.stream().filter(one -> one.step() == 0).findFirst();
    }

    /** The last evaluation, if there was one after training. */
    Optional<TrainingEvent.Evaluated> last() {
        return evaluations.stream().filter(one -> one.step() > 0).reduce((earlier, later) -> later);
    }

    /** The best evaluation, if there was one. */
    Optional<TrainingEvent.Evaluated> best() {
        return evaluations.stream().filter(TrainingEvent.Evaluated::best).reduce((earlier, later) -> later);
    }

    /** What the model made of each prompt before the first step. */
    Map<String, String> answersBefore() {
        Map<String, String> answers = new LinkedHashMap<>();
        samples.stream().filter(one -> one.step() == 0).forEach(one -> answers.put(one.prompt(), one.answer()));
        return answers;
    }

    /** What the model made of each prompt after the last step. */
    Map<String, String> answersAfter() {
        Map<String, String> answers = new LinkedHashMap<>();
        samples.stream().filter(one -> one.step() > 0).forEach(one -> answers.put(one.prompt(), one.answer()));
        return answers;
    }

    private void recall(long lastStep) {
        for (JsonNode line : lines(RunFiles.metrics(root), lastStep)) {
            Map<String, Double> figures = new LinkedHashMap<>();
            line.properties().forEach(field -> {
                if (field.getKey().startsWith(RunFiles.EVALUATION)) {
                    figures.put(
                            field.getKey().substring(RunFiles.EVALUATION.length()),
                            field.getValue().asDouble(Double.NaN));
                }
            });
            if (!figures.isEmpty()) {
                evaluations.add(new TrainingEvent.Evaluated(
                        line.path("step").asLong(), figures, line.path("best").asBoolean()));
            }
        }
        for (JsonNode line : lines(RunFiles.samples(root), lastStep)) {
            samples.add(new TrainingEvent.Shown(
                    line.path("step").asLong(),
                    line.path("prompt").asText(),
                    line.path("answer").asText()));
        }
    }

    /** Records are a comfort, not a need: without them the comparison with the beginning is left out. */
    private static List<JsonNode> lines(Path file, long lastStep) {
        try {
            return Files.exists(file)
                    ? MetricsFile.read(file).stream()
                            .filter(line -> line.path("step").asLong() <= lastStep)
                            .toList()
                    : List.of();
        } catch (IOException unreadable) {
            return List.of();
        }
    }
}
