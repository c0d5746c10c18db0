package dev.graft.kernel.train;

import dev.graft.kernel.data.BatchSource;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.recipe.TrainingSection;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.Calibration;
import dev.graft.spi.method.Progress;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Experience;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One run from its first step, or from a checkpoint, to its end. */
final class TrainingRun {
    /** Batches of uneven length leave holes in the heap, so slowly that giving them back is needed now and then only. */
    private static final int STEPS_BETWEEN_RELEASES = 32;

    private final Workshop workshop;
    private final RunDirectory directory;
    private final Consumer<TrainingEvent> events;
    private final BooleanSupplier stop;
    private final TrainingSection training;
    private final TrainedParameters parameters;
    private final RunCheckpoint checkpoint;
    private final OptimizerStep optimizerStep;
    private final RunBatches stream;
    private final TaskEvaluations evaluations;
    private final long stepsPerEpoch;
    private final long totalSteps;
    private final LearningRate rate;
    private final List<Learning> learning;
    private final int accumulation;
    private final List<Samples> samples;
    private final Calibrator calibrator;
    private long lastSaved = -1;
    private long step;

    TrainingRun(Workshop workshop, RunDirectory directory, Consumer<TrainingEvent> events, BooleanSupplier stop) {
        this.workshop = workshop;
        this.directory = directory;
        this.events = events;
        this.stop = stop;
        Recipe recipe = workshop.recipe();
        this.training = recipe.training();
        this.parameters = new TrainedParameters(workshop.learners());
        this.optimizerStep = new OptimizerStep(new OptimizerStep.Setting(
                workshop.model(),
                parameters,
                workshop.tasks().get(0).objective(),
                workshop.optimizer(),
                training.clipNorm(),
                training.gradientCheckpointing()));
        this.learning = workshop.tasks().stream().map(workshop::learning).toList();
        this.accumulation = recipe.gradientAccumulation();
        this.stream = RunBatches.of(workshop, this::rollOut);
        this.checkpoint = new RunCheckpoint(workshop.engine(), parameters, stream.source());
        this.evaluations = new TaskEvaluations(workshop.tasks(), training.seed());
        requireEvaluation();
        this.stepsPerEpoch = stream.source().stepsPerEpoch(accumulation);
        this.totalSteps =
                training.steps() != null ? training.steps() : Math.max(1, ceil(training.epochs() * stepsPerEpoch));
        this.rate = new LearningRate(
                recipe.schedule(), totalSteps, workshop.model().description().layers());
        this.samples = workshop.tasks().stream()
                .map(task -> new Samples(task, training.seed()))
                .toList();
        this.calibrator = Calibrator.of(workshop, task -> task.single(training.seed()));
    }

    private List<Example> rollOut(List<Example> prompts, RandomStream random) {
        long start = System.nanoTime();
        GraftTensors tensors = workshop.model().tensors();
        RunTask task = workshop.tasks().get(0);
        Experience experience;
        try (Scope scope = tensors.scope()) {
            experience = tensors.withoutGradient(() -> task.objective().rollOut(task.actor(), prompts, random));
        }
        long tokens = experience.examples().stream().mapToLong(Example::tokens).sum();
        events.accept(
                new TrainingEvent.RolledOut(step, experience.figures(), experience.answers(), tokens, seconds(start)));
        return experience.examples();
    }

    void run() {
        Resumption resumption = Resumption.from(directory, path -> checkpoint.read(path, workshop.optimizer()));
        RunState state = resumption.state();
        moveTo(state);
        lastSaved = state.step();
        long begun = System.nanoTime();
        events.accept(started(state, resumption.notes()));
        Watch watch = new Watch(training, state);
        RandomStream random = RandomStream.at(
                RandomStream.seeded(training.seed()).fork("dropout").seed(), state.drawn());
        step = state.step();
        if (step == 0) {
            calibrator.run(Calibration.When.START);
        }
        if (step == 0 && training.evaluateFirst()) {
            evaluate(0, watch);
            show();
        }
        boolean stopped = watch.exhausted();
        boolean asked = stop.getAsBoolean();
        while (step < totalSteps && !stopped && !asked) {
            prepare(() -> now(random, watch, state, begun));
            step(random);
            if (due(step, STEPS_BETWEEN_RELEASES)) {
                workshop.engine().releaseUnused();
            }
            if (due(step, training.evaluateEvery()) || step == totalSteps) {
                evaluate(step, watch);
                stopped = watch.exhausted();
            }
            asked = stop.getAsBoolean();
            if (due(step, training.saveEvery()) || step == totalSteps || stopped || asked) {
                save(now(random, watch, state, begun));
            }
        }
        if (step < totalSteps && !stopped) {
            events.accept(new TrainingEvent.Stopped(step, totalSteps));
            return;
        }
        finish(state.seconds() + seconds(begun), stopped);
    }

    private void requireEvaluation() {
        if (evaluations.isEmpty() && (training.keepBest() || training.earlyStopping() != null)) {
            throw new ConfigurationException((training.keepBest() ? "training.keep_best" : "training.early_stopping")
                    + " needs something to evaluate on: set data.eval or data.eval_fraction, or leave it out");
        }
    }

    private void moveTo(RunState state) {
        BatchSource source = stream.source();
        if (state.index() >= source.batchesPerEpoch()) {
            throw new ConfigurationException("the run in " + directory.root() + " stands at batch " + state.index()
                    + " of an epoch, but its data now makes " + source.batchesPerEpoch()
                    + " batches: put back the data it was begun with");
        }
        source.moveTo(state.epoch(), state.index());
    }

    /** Gets the next step's data ready; where that fails, what was learnt so far is kept. */
    private void prepare(Supplier<RunState> state) {
        try {
            stream.source().prepare();
        } catch (RuntimeException e) {
            if (step > 0) {
                save(state.get());
            }
            throw e;
        }
    }

    private void step(RandomStream random) {
        long done = step;
        long start = System.nanoTime();
        List<Learning.Portion> portions = new ArrayList<>();
        long tokens = 0;
        for (TaskMixture.Mixed mixed : stream.step(accumulation)) {
            HostBatch batch = mixed.batch();
            tokens += batch.tokens();
            portions.add(new Learning.Portion(learning.get(mixed.task()), batch::toBatch));
        }
        double base = rate.at(done);
        Progress progress = progress(done);
        OptimizerStep.Result result =
                optimizerStep.takeMixed(portions, layer -> base * rate.factor(layer), progress, random);
        Map<String, Double> metrics = new LinkedHashMap<>(result.metrics());
        metrics.putAll(workshop.weights().figures());
        step = done + 1;
        Progress after = progress(step);
        parameters.learning().forEach(adapter -> adapter.attachment().stepped(after));
        events.accept(new TrainingEvent.Stepped(
                step,
                totalSteps,
                after.epoch(),
                result.loss(),
                base,
                result.gradientNorm(),
                tokens,
                seconds(start),
                Collections.unmodifiableMap(metrics)));
    }

    private void evaluate(long step, Watch watch) {
        if (evaluations.isEmpty()) {
            return;
        }
        Map<String, Double> figures =
                evaluations.run((done, total) -> events.accept(new TrainingEvent.Evaluating(done, total)));
        boolean best = watch.improved(figures);
        if (best && training.keepBest()) {
            checkpoint.writeParameters(bestFile());
        }
        events.accept(new TrainingEvent.Evaluated(step, figures, best));
    }

    private void save(RunState state) {
        if (state.step() == lastSaved) {
            return;
        }
        Path target = directory.checkpoint(state.step());
        checkpoint.write(target, state, workshop.optimizer());
        directory.prune(training.keep());
        lastSaved = state.step();
        events.accept(new TrainingEvent.Saved(state.step(), target));
    }

    private void finish(double seconds, boolean stopped) {
        if (training.keepBest() && Files.exists(bestFile())) {
            checkpoint.readParameters(bestFile());
        }
        calibrator.run(Calibration.When.END);
        workshop.save(directory.adapter());
        show();
        events.accept(new TrainingEvent.Finished(step, directory.adapter(), seconds, stopped));
    }

    private RunState now(RandomStream random, Watch watch, RunState before, long begun) {
        return new RunState(
                step,
                stream.source().epoch(),
                stream.source().index(),
                random.position(),
                before.seconds() + seconds(begun),
                watch.best(),
                watch.worse(),
                workshop.optimizer().counters());
    }

    /**
     * What there is to train, in a run that stands there.
     *
     * @param resumed what a person should know about how it was resumed
     */
    TrainingEvent.Started started(RunState state, List<String> resumed) {
        List<String> notes = new ArrayList<>(workshop.notes());
        int train = 0;
        int eval = 0;
        for (RunTask task : workshop.tasks()) {
            train += task.data().train().size();
            eval += task.data().eval().size();
        }
        notes.addAll(resumed);
        long trainable = parameters.elements();
        return new TrainingEvent.Started(
                trainable,
                workshop.model().weights().elements() + trainable,
                train,
                eval,
                state.step(),
                totalSteps,
                List.copyOf(notes),
                workshop.engine().describe());
    }

    private void show() {
        samples.forEach(one -> one.show(step, events));
    }

    private Progress progress(long step) {
        double perEpoch = stepsPerEpoch;
        return new Progress(step, totalSteps, step / perEpoch, totalSteps / perEpoch);
    }

    private boolean due(long step, Integer every) {
        return step % (every == null ? stepsPerEpoch : every) == 0;
    }

    private Path bestFile() {
        return directory.best().resolve("parameters.safetensors");
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static long ceil(double value) {
        return (long) Math.ceil(value - 1e-9);
    }
}
