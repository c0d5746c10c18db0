package dev.graft.standalone.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.train.TrainingEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;

/** What a run told, by step, without what depends on the clock. */
final class Recording {
    private final Map<Long, List<Object>> steps = new TreeMap<>();
    private final Map<Long, List<Object>> evaluations = new TreeMap<>();
    private final List<String> shown = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private TrainingEvent.Finished finished;

    /** Takes all events. */
    static Recording of(Flux<TrainingEvent> events) {
        return until(events, event -> false);
    }

    /** Takes events up to one, then cancels the run. */
    static Recording until(Flux<TrainingEvent> events, Predicate<TrainingEvent> last) {
        Recording recording = new Recording();
        events.takeUntil(last).doOnNext(recording::take).blockLast();
        return recording;
    }

    /** Takes events up to a step, then cancels the run. */
    static Recording untilStep(Flux<TrainingEvent> events, long step) {
        return until(events, event -> event instanceof TrainingEvent.Stepped stepped && stepped.step() == step);
    }

    private void take(TrainingEvent event) {
        if (event instanceof TrainingEvent.Started started) {
            notes.addAll(started.notes());
        } else if (event instanceof TrainingEvent.Stepped step) {
            steps.put(
                    step.step(),
                    List.of(
                            step.epoch(),
                            step.loss(),
                            step.learningRate(),
                            step.gradientNorm(),
                            step.tokens(),
                            step.metrics()));
        } else if (event instanceof TrainingEvent.Evaluated evaluated) {
            evaluations.put(evaluated.step(), List.of(evaluated.figures(), evaluated.best()));
        } else if (event instanceof TrainingEvent.Shown sample) {
            shown.add(sample.step() + ": " + sample.prompt() + sample.answer());
        } else if (event instanceof TrainingEvent.Finished end) {
            finished = end;
        }
    }

    Map<Long, List<Object>> steps() {
        return steps;
    }

    Map<Long, List<Object>> evaluations() {
        return evaluations;
    }

    List<String> notes() {
        return notes;
    }

    TrainingEvent.Finished finished() {
        return finished;
    }

    /** The bytes of the trained adapter, one attachment after the other. */
    byte[] adapter() {
        assertThat(finished).as("the run came to its end").isNotNull();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (Stream<Path> files = Files.walk(finished.adapter())) {
            files.filter(file -> file.toString().endsWith(".safetensors"))
                    .sorted()
                    .forEach(file -> all.writeBytes(bytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all.toByteArray();
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything this run told is what the whole run told at the same steps, and both end with the same adapter. */
    void assertEndsLike(Recording whole) {
        assertPartOf(whole);
        assertThat(adapter()).isEqualTo(whole.adapter());
        assertThat(finished.steps()).isEqualTo(whole.finished.steps());
        assertThat(finished.stoppedEarly()).isEqualTo(whole.finished.stoppedEarly());
    }

    /** Everything this run told is what the whole run told at the same steps. */
    void assertPartOf(Recording whole) {
        assertThat(whole.steps).containsAllEntriesOf(steps);
        assertThat(whole.evaluations).containsAllEntriesOf(evaluations);
        assertThat(whole.shown).containsAll(shown);
    }
}
