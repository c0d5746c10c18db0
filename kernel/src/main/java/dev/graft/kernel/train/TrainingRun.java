package dev.graft.kernel.train;

import dev.graft.kernel.data.BatchLayout;
import dev.graft.kernel.data.BatchSource;
import dev.graft.kernel.data.BatchStream;
import dev.graft.kernel.data.Draw;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.recipe.DataSection;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.recipe.TrainingSection;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.Calibration;
import dev.graft.spi.method.Progress;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Experience;
import dev.graft.spi.objective.Rollouts;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
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
    private final BatchSource stream;
    private final List<HostBatch> evalBatches;
    private final long stepsPerEpoch;
    private final long totalSteps;
    private final LearningRate rate;
    private final Samples samples;
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
                workshop.objective(),
                workshop.optimizer(),
                training.clipNorm(),
                training.gradientCheckpointing()));
        DataSection data = recipe.data();
        int padToken = workshop.padToken();
        Draw draw = workshop.draw();
        long dataSeed = data.seed() == null ? training.seed() : data.seed();
        this.stream =
                source(data, new BatchLayout(data.batchSize(), data.packing(), data.maxLength(), padToken, 1), draw);
        this.checkpoint = new RunCheckpoint(workshop.engine(), parameters, stream);
        int evalSize = data.evalBatchSize() == null ? data.batchSize() : data.evalBatchSize();
        this.evalBatches = BatchStream.once(workshop.data().eval(), evalSize, padToken, draw, dataSeed);
        requireEvaluation();
        this.stepsPerEpoch = stream.stepsPerEpoch(data.gradientAccumulation());
        this.totalSteps =
                training.steps() != null ? training.steps() : Math.max(1, ceil(training.epochs() * stepsPerEpoch));
        this.rate = new LearningRate(
                recipe.schedule(), totalSteps, workshop.model().description().layers());
        this.samples = new Samples(workshop);
        this.calibrator =
                new Calibrator(workshop, BatchStream.once(workshop.data().train(), 1, padToken, draw, dataSeed));
    }

    /** What the run learns from: the data, or what the model answers to them. */
    private BatchSource source(DataSection data, BatchLayout layout, Draw draw) {
        List<Example> train = workshop.data().train();
        long seed = data.seed() == null ? training.seed() : data.seed();
        Optional<Rollouts> rollouts = workshop.objective().rollouts();
        if (rollouts.isEmpty()) {
            return new BatchStream(train, layout, data.shuffle(), seed, draw);
        }
        BatchLayout portions =
                new BatchLayout(rollouts.get().prompts(), false, layout.maxLength(), layout.padToken(), 1);
        BatchStream prompts = new BatchStream(train, portions, data.shuffle(), seed, draw);
        return new RolloutStream(prompts, train.size(), rollouts.get(), layout, seed, this::rollOut);
    }

    private List<Example> rollOut(List<Example> prompts, RandomStream random) {
        long start = System.nanoTime();
        GraftTensors tensors = workshop.model().tensors();
        Experience experience;
        try (Scope scope = tensors.scope()) {
            experience = tensors.withoutGradient(() -> workshop.objective().rollOut(workshop.actor(), prompts, random));
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
            samples.show(0, events);
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
        if (evalBatches.isEmpty() && (training.keepBest() || training.earlyStopping() != null)) {
            throw new ConfigurationException((training.keepBest() ? "training.keep_best" : "training.early_stopping")
                    + " needs something to evaluate on: set data.eval or data.eval_fraction, or leave it out");
        }
    }

    private void moveTo(RunState state) {
        if (state.index() >= stream.batchesPerEpoch()) {
            throw new ConfigurationException("the run in " + directory.root() + " stands at batch " + state.index()
                    + " of an epoch, but its data now makes " + stream.batchesPerEpoch()
                    + " batches: put back the data it was begun with");
        }
        stream.moveTo(state.epoch(), state.index());
    }

    /** Gets the next step's data ready; where that fails, what was learnt so far is kept. */
    private void prepare(Supplier<RunState> state) {
        try {
            stream.prepare();
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
        List<Function<Tensors, Batch>> batches = new ArrayList<>();
        long tokens = 0;
        for (HostBatch batch : stream.step(workshop.recipe().data().gradientAccumulation())) {
            tokens += batch.tokens();
            batches.add(batch::toBatch);
        }
        double base = rate.at(done);
        Progress progress = progress(done);
        OptimizerStep.Result result = optimizerStep.take(batches, layer -> base * rate.factor(layer), progress, random);
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
                result.metrics()));
    }

    private void evaluate(long step, Watch watch) {
        if (evalBatches.isEmpty()) {
            return;
        }
        Map<String, Double> figures = Evaluation.run(
                workshop.actor(),
                workshop.model().tensors(),
                workshop.objective(),
                evalBatches,
                workshop.data().labels(),
                done -> events.accept(new TrainingEvent.Evaluating(done, evalBatches.size())));
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
        samples.show(step, events);
        events.accept(new TrainingEvent.Finished(step, directory.adapter(), seconds, stopped));
    }

    private RunState now(RandomStream random, Watch watch, RunState before, long begun) {
        return new RunState(
                step,
                stream.epoch(),
                stream.index(),
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
        List<String> notes = new ArrayList<>(workshop.data().notes());
        notes.addAll(resumed);
        long trainable = parameters.elements();
        return new TrainingEvent.Started(
                trainable,
                workshop.model().weights().elements() + trainable,
                workshop.data().train().size(),
                workshop.data().eval().size(),
                state.step(),
                totalSteps,
                List.copyOf(notes),
                workshop.engine().describe());
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
