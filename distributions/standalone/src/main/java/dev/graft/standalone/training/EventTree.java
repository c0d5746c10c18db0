package dev.graft.standalone.training;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.graft.kernel.train.TrainingEvent;
import dev.graft.spi.objective.Experience;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Training events as trees for JSON: {@code event} says which, the other keys are the event's in snake case. */
final class EventTree {
    private static final ObjectMapper MAPPER = new ObjectMapper()
            .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .registerModule(new SimpleModule().addSerializer(Path.class, new ToStringSerializer()));

    private EventTree() {}

    /** The event with its name. */
    static Map<String, Object> of(TrainingEvent event) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("event", event.getClass().getSimpleName().toLowerCase(Locale.ROOT));
        tree.putAll(MAPPER.convertValue(event, new TypeReference<Map<String, Object>>() {}));
        if (event instanceof TrainingEvent.Finished) {
            PeakMemory.bytes().ifPresent(bytes -> tree.put("peak_memory_bytes", bytes));
        }
        return tree;
    }

    /** What the metrics file keeps of a step. */
    static Map<String, Object> metrics(TrainingEvent.Stepped stepped) {
        Map<String, Object> line = new LinkedHashMap<>(of(stepped));
        line.remove("event");
        line.remove("total_steps");
        line.remove("metrics");
        line.putAll(stepped.metrics());
        return line;
    }

    /** What the metrics file keeps of an evaluation. */
    static Map<String, Object> metrics(TrainingEvent.Evaluated evaluated) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", evaluated.step());
        evaluated.figures().forEach((name, figure) -> line.put(RunFiles.EVALUATION + name, figure));
        line.put("best", evaluated.best());
        return line;
    }

    /** What the metrics file keeps of a rollout, under the first step that learns from it. */
    static Map<String, Object> metrics(TrainingEvent.RolledOut rollout) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", rollout.step() + 1);
        rollout.figures().forEach((name, figure) -> line.put(RunFiles.ROLLOUT + name, figure));
        line.put(RunFiles.ROLLOUT + "tokens", rollout.tokens());
        line.put(RunFiles.ROLLOUT + "seconds", rollout.seconds());
        return line;
    }

    /** What the file of rollouts keeps of an answer. */
    static Map<String, Object> answer(long step, Experience.Scored answer) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", step);
        line.put("prompt", answer.prompt());
        line.put("answer", answer.answer());
        line.put("score", answer.score());
        return line;
    }

    /** What the samples file keeps of a sample. */
    static Map<String, Object> sample(TrainingEvent.Shown shown) {
        Map<String, Object> line = new LinkedHashMap<>(of(shown));
        line.remove("event");
        return line;
    }
}
