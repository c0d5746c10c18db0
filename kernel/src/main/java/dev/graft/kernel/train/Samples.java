package dev.graft.kernel.train;

import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.generate.EndTokens;
import dev.graft.kernel.generate.GenerationRequest;
import dev.graft.kernel.generate.Generator;
import dev.graft.kernel.generate.SamplingOptions;
import dev.graft.kernel.generate.TokenListener;
import dev.graft.kernel.recipe.ShowSection;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.Input;
import dev.graft.spi.model.Task;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What the model makes of a task's prompts at this point, for a person to look at. */
final class Samples {
    private final RunTask task;
    private final ShowSection show;
    private final long seed;

    Samples(RunTask task, long seed) {
        this.task = task;
        this.show = task.section().show();
        this.seed = seed;
    }

    void show(long step, Consumer<TrainingEvent> events) {
        if (show == null) {
            return;
        }
        Task head = task.model().description().task();
        if (head == Task.CAUSAL_LM) {
            generated(step, events);
        } else if (head == Task.SEQ_CLS) {
            for (String prompt : show.prompts()) {
                events.accept(new TrainingEvent.Shown(step, prompt, label(prompt)));
            }
        }
    }

    private void generated(long step, Consumer<TrainingEvent> events) {
        Generator generator = new Generator(task.model(), task.tokenizer());
        List<GenerationRequest> requests = show.prompts().stream()
                .map(prompt -> new GenerationRequest(ids(prompt), task.adapters(), options()))
                .toList();
        var generations = generator.generate(requests, TokenListener.none());
        for (int i = 0; i < requests.size(); i++) {
            events.accept(new TrainingEvent.Shown(
                    step, show.prompts().get(i), generations.get(i).text()));
        }
    }

    private SamplingOptions options() {
        List<String> stops = show.stop() == null ? List.of() : show.stop();
        return SamplingOptions.greedy(show.maxNewTokens())
                .withTemperature(show.temperature())
                .withStopStrings(stops)
                .withEndTokens(EndTokens.of(task.tokenizer()))
                .withSeed(seed);
    }

    private int[] ids(String prompt) {
        Tokenizer tokenizer = task.tokenizer();
        if (!show.chat()) {
            return tokenizer.encode(prompt, true).ids();
        }
        List<Map<String, Object>> messages = List.of(Map.of("role", "user", "content", prompt));
        return tokenizer
                .encode(tokenizer.render(messages, true, Map.of()).text(), false)
                .ids();
    }

    private String label(String text) {
        GraftTensors tensors = task.model().tensors();
        long[] ids = Arrays.stream(task.tokenizer().encode(text, true).ids())
                .asLongStream()
                .toArray();
        long index = tensors.withoutGradient(() -> {
            try (Scope scope = tensors.scope()) {
                Input input = Input.of(tensors.of(ids, Shape.of(1, ids.length)), null);
                RowAssignment rows = RowAssignment.all(task.adapters());
                return task.model()
                        .forward(input, rows, PassOptions.inference())
                        .logits()
                        .argMax(-1)
                        .longs()[0];
            }
        });
        List<String> labels = task.data().labels();
        return index < labels.size() ? labels.get((int) index) : String.valueOf(index);
    }
}
