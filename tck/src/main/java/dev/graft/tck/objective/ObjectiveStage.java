package dev.graft.tck.objective;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.model.ModelLoader;
import dev.graft.kernel.train.ModelRunner;
import dev.graft.kernel.train.RunActor;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.EncodeContext;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Experience;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.scorer.Answer;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.tck.bench.Bench;
import dev.graft.tck.bench.TinyTokenizer;
import dev.graft.tck.method.Gain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A model in memory with the kit's own method attached, whose factors have moved so that the policy is not the reference, and a fresh
 * objective with what it itself learns.
 */
final class ObjectiveStage implements AutoCloseable {
    /** The length that no record reaches. */
    static final int NO_LIMIT = Integer.MAX_VALUE;

    private static final double FAR = 0.3;

    private final ObjectiveTrial<?> trial;
    private final LoadedModel model;
    private final DType dtype;
    private final List<AttachedAdapter> attached = new ArrayList<>();
    private final AttachedAdapter gain;
    private final Objective objective;

    ObjectiveStage(ObjectiveTrial<?> trial, DType dtype) {
        this.trial = trial;
        this.dtype = dtype;
        Bench bench = trial.bench();
        this.objective = trial.objective();
        int outputs =
                objective.outputs() > 0 ? objective.outputs() : trial.labels().size();
        this.model = bench.load(
                bench.checkpoint(trial.model()),
                new ModelLoader.Options(dtype, objective.task(), outputs, false, bench.seed()));
        try {
            Gain method = new Gain();
            AdapterBuilder.Origin origin = new AdapterBuilder.Origin(method.id(), method.version(), new Gain.Config(1));
            this.gain = keep(AdapterBuilder.attach(
                            model,
                            origin,
                            (view, context) -> Optional.of(method.attach(view, new Gain.Config(1), context)),
                            setting("gain", null))
                    .orElseThrow());
            move(gain);
            own(objective, null).ifPresent(this::move);
        } catch (RuntimeException | LinkageError e) {
            close();
            throw e;
        }
    }

    private AdapterBuilder.Setting setting(String name, Map<String, Array> stored) {
        RandomStream random = trial.bench().random(name);
        return new AdapterBuilder.Setting(name, random, dtype, TinyTokenizer.withoutBlanks(), stored, "a file");
    }

    private AttachedAdapter keep(AttachedAdapter adapter) {
        attached.add(adapter);
        return adapter;
    }

    /** What an objective itself learns, released with the stage; with stored values, or as it begins if null. */
    Optional<AttachedAdapter> own(Objective learner, Map<String, Array> stored) {
        AdapterBuilder.Origin origin =
                new AdapterBuilder.Origin(trial.provider().id(), "", new Gain.Config(1));
        return AdapterBuilder.attach(model, origin, learner::attach, setting("own", stored))
                .map(this::keep);
    }

    private void move(AttachedAdapter adapter) {
        RandomStream random = trial.bench().random("noise");
        for (Parameter parameter : adapter.attachment().parameters()) {
            Array value = adapter.array(parameter);
            try (Array noise = engine().normal(value.shape(), value.dtype(), random.next())) {
                engine().addInPlace(value, noise, FAR);
            }
        }
    }

    /** A fresh objective whose own parameters have the values that those of the stage's have. */
    Objective fresh() {
        Objective another = trial.objective();
        own(another, null).ifPresent(adapter -> {
            AttachedAdapter first = attached.get(1);
            List<Parameter> parameters = first.attachment().parameters();
            for (int i = 0; i < parameters.size(); i++) {
                Parameter copied = adapter.attachment().parameters().get(i);
                engine().copyInPlace(adapter.array(copied), first.array(parameters.get(i)));
            }
        });
        return another;
    }

    Engine engine() {
        return model.tensors().engine();
    }

    LoadedModel model() {
        return model;
    }

    /** The method's adapter, and behind it what the objective learns. */
    List<AttachedAdapter> adapters() {
        return List.copyOf(attached);
    }

    AttachedAdapter gain() {
        return gain;
    }

    Objective objective() {
        return objective;
    }

    EncodeContext context(int maxLength) {
        return new EncodeContext(TinyTokenizer.withoutBlanks(), model.description(), maxLength, trial.labels());
    }

    /** Random numbers, the same at every call. */
    RandomStream random() {
        return trial.bench().random("objective");
    }

    /** The records as they are encoded. */
    List<DataRecord> prepared() {
        return objective.prepare(trial.records(), trial.records(), random());
    }

    /** The examples of all records that hold something to learn from. */
    List<Example> encoded() {
        List<Example> examples = new ArrayList<>();
        for (DataRecord record : prepared()) {
            objective.encode(record, context(NO_LIMIT)).ifPresent(examples::add);
        }
        return examples;
    }

    /** The examples as one pass over the data has them. */
    List<Example> drawn() {
        RandomStream random = random();
        return encoded().stream()
                .map(example -> objective.draw(example, context(NO_LIMIT), random))
                .toList();
    }

    /** What a run learns from: the data, or what became of the model's answers to them. */
    List<Example> learnt() {
        return objective.rollouts().isEmpty()
                ? drawn()
                : experience(objective, drawn()).examples();
    }

    /** What becomes of answers to prompts. */
    Experience experience(Objective asking, List<Example> prompts) {
        try (Scope scope = model.tensors().scope()) {
            return model.tensors().withoutGradient(() -> asking.rollOut(actor(), prompts, random()));
        }
    }

    /** Runs the model with the method's adapter. */
    ModelRunner runner() {
        return new ModelRunner(model, RowAssignment.all(List.of(gain)), PassOptions.inference());
    }

    /** Has the model answer; an answer is worth the more the earlier in the alphabet its letters stand. */
    RunActor actor() {
        return new RunActor(model, List.of(gain), TinyTokenizer.withoutBlanks(), ObjectiveStage::scores, 2);
    }

    private static double[] scores(List<Answer> answers) {
        return answers.stream()
                .mapToDouble(answer -> answer.text()
                        .chars()
                        .map(letter -> 'm' - letter)
                        .average()
                        .orElse(-20))
                .map(score -> score / 10)
                .toArray();
    }

    /** A batch on the host; every example a row for each of its sequences, padded to a multiple of a length. */
    HostBatch batch(List<Example> examples, int multiple) {
        return HostBatch.padded(examples, 0, multiple);
    }

    /** The loss of a batch. */
    Measured loss(HostBatch batch) {
        return loss(objective, batch, Function.identity());
    }

    /** The loss of examples, together in one batch. */
    Measured loss(List<Example> examples) {
        return loss(batch(examples, 1));
    }

    /** The loss of a batch by an objective, by a runner that stands before the stage's. */
    Measured loss(Objective measuring, HostBatch batch, Function<Runner, Runner> runner) {
        try (Scope scope = model.tensors().scope()) {
            Batch made = batch.toBatch(model.tensors());
            return model.tensors().withoutGradient(() -> Measured.of(measuring.loss(runner.apply(runner()), made)));
        }
    }

    @Override
    public void close() {
        attached.forEach(AttachedAdapter::release);
        attached.clear();
        model.close();
    }
}
