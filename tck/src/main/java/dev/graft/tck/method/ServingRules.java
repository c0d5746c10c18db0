package dev.graft.tck.method;

import static dev.graft.tck.rule.Chapter.article;
import static dev.graft.tck.rule.Rule.must;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.spi.model.Task;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.tck.bench.Logits;
import dev.graft.tck.bench.Tokens;
import dev.graft.tck.rule.Chapter;
import dev.graft.tck.rule.Expect;
import dev.graft.tck.rule.NotApplicable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Chapter 8: many adapters, many rows, many threads. */
public final class ServingRules {
    /** How much a logit may differ between a row of a batch and the row alone. */
    private static final double BLOCKING = 3e-5;

    private static final int MIXES = 3;
    private static final int STEPS = 2;
    private static final int THREADS = 3;
    private static final int PASSES = 6;

    /** The chapter. */
    public static final Chapter<MethodTrial<?>> CHAPTER = new Chapter<>(
            8,
            "Serving",
            List.of(
                    article(
                            must(
                                            "8.01",
                                            "aRowDependsOnItsOwnAdapter",
                                            "In a batch whose rows have different adapters, or none,"
                                                    + " every row gives what it gives alone.")
                                    .because("One batch serves everybody.")
                                    .seen("PEFT's mixed-batch inference excludes most methods and falls back silently.")
                                    .look("patches that reduce over the rows, or that keep a tensor between rows."),
                            trial -> mixed(trial, false)),
                    article(
                            must(
                                            "8.02",
                                            "aRowDependsOnItsOwnAdapterInGeneration",
                                            "The same holds token by token out of a cache" + " of keys and values.")
                                    .because("Answers are made token by token.")
                                    .seen("llama.cpp 26207, LMCache 2960: caches shared between adapters.")
                                    .look("virtual tokens: they stand in the cache once."),
                            trial -> mixed(trial, true)),
                    article(
                            must(
                                            "8.03",
                                            "paddingInFrontChangesNothing",
                                            "Padding in front of the rows changes no output.")
                                    .because("Prompts of unequal length are padded in front.")
                                    .look("positions: the first token is not in slot 0."),
                            ServingRules::padding),
                    article(
                            must(
                                            "8.04",
                                            "cachedEqualsOnePass",
                                            "Token by token out of a cache a row gives what it gives in one" + " pass.")
                                    .because("A cache is a matter of speed.")
                                    .look("patches that depend on the length of what they see."),
                            ServingRules::cached),
                    article(
                            must(
                                            "8.05",
                                            "threadsDoNotBleed",
                                            "Threads that use different adapters at the same time get what each"
                                                    + " gets alone.")
                                    .because("Requests come at once.")
                                    .seen("peft 804: the active adapter is state of the model, shared by all threads.")
                                    .look("fields that a patch writes to."),
                            ServingRules::threads),
                    article(
                            must(
                                            "8.06",
                                            "releasingOneLeavesTheOthers",
                                            "Releasing an adapter changes no output of another one of" + " its method.")
                                    .because("Adapters come and go.")
                                    .look("memory shared between attachments, static fields."),
                            ServingRules::releasing),
                    article(
                            must(
                                            "8.07",
                                            "swappingDoesNotAccumulate",
                                            "Loading and releasing an adapter again and again leaves"
                                                    + " as many arrays alive as the first time.")
                                    .because("A server swaps for weeks.")
                                    .seen("vllm 18372: a reload under the same name kept serving the old adapter.")
                                    .look("caches by name."),
                            ServingRules::swapping),
                    article(
                            must("8.08", "aPassLeavesNoArrays", "A pass leaves as many arrays alive as before.")
                                    .because("So does every request.")
                                    .look("tensors that a patch keeps in a field."),
                            ServingRules::passes),
                    article(
                            must(
                                            "8.09",
                                            "batchMatesChangeNothing",
                                            "A row gives the same with other rows of its adapter beside" + " it.")
                                    .because("Who else asks at the same moment is chance.")
                                    .look("statistics over the batch."),
                            ServingRules::batchMates),
                    article(
                            must(
                                            "8.10",
                                            "aFailedPassLeavesNothing",
                                            "After a pass that ended in an error outputs are as before, and so is the number"
                                                    + " of arrays alive.")
                                    .because("The next request is somebody else's.")
                                    .seen("peft 3475: hooks of a failed pass answer later ones with its adapters.")
                                    .look(
                                            "state that a patch sets before, and takes back after, the layer it acts on."),
                            ServingRules::failedPass)));

    private ServingRules() {}

    private static void generating(MethodTrial<?> trial) {
        if (trial.model().task() != Task.CAUSAL_LM) {
            throw new NotApplicable("a model of task " + trial.model().task() + " does not generate");
        }
    }

    private static void mixed(MethodTrial<?> trial, boolean cached) {
        if (cached) {
            generating(trial);
        }
        try (Stage stage = trial.stage()) {
            List<AttachedAdapter> adapters = List.of(stage.moved(1), stage.moved(2));
            for (int mix = 0; mix < MIXES; mix++) {
                RandomStream random = trial.bench().random("mix " + mix);
                List<List<AttachedAdapter>> rows = new ArrayList<>();
                for (int row = 0; row < 3 + mix; row++) {
                    int choice = row < 3 ? row : random.nextInt(3);
                    rows.add(choice == 2 ? List.of() : List.of(adapters.get(choice)));
                }
                Tokens tokens = Tokens.random(rows.size(), random);
                eachGivesWhatItGivesAlone(stage, rows, tokens, cached);
            }
        }
    }

    private static void eachGivesWhatItGivesAlone(
            Stage stage, List<List<AttachedAdapter>> rows, Tokens tokens, boolean cached) {
        RowAssignment assignment = RowAssignment.rows(rows);
        Logits together = cached
                ? Logits.cached(stage.model(), tokens.paddedLeft(0), STEPS, assignment)
                : Logits.of(stage.model(), tokens, assignment);
        for (int row = 0; row < tokens.rows(); row++) {
            AttachedAdapter[] own = rows.get(row).toArray(AttachedAdapter[]::new);
            Expect.close(
                    together.row(row),
                    Logits.of(stage.model(), tokens.alone(row), own).row(0),
                    BLOCKING,
                    "row " + row + " of " + tokens.rows() + " with "
                            + (own.length == 0 ? "no adapter" : own[0].name()));
        }
    }

    private static void padding(MethodTrial<?> trial) {
        try (Stage stage = trial.stage()) {
            AttachedAdapter adapter = stage.moved(1);
            Tokens tokens = Tokens.random(3, trial.bench().random("padding"));
            Expect.close(
                    Logits.of(stage.model(), tokens.paddedLeft(3), adapter).all(),
                    Logits.of(stage.model(), tokens, adapter).all(),
                    BLOCKING,
                    "logits with padding in front");
        }
    }

    private static void cached(MethodTrial<?> trial) {
        generating(trial);
        try (Stage stage = trial.stage()) {
            RowAssignment all = RowAssignment.all(List.of(stage.moved(1)));
            Expect.close(
                    Logits.cached(stage.model(), Tokens.PAIR, 3, all).all(),
                    Logits.of(stage.model(), Tokens.PAIR, all).all(),
                    BLOCKING,
                    "logits token by token");
        }
    }

    private static void threads(MethodTrial<?> trial) throws InterruptedException, ExecutionException {
        try (Stage stage = trial.stage()) {
            List<AttachedAdapter> adapters = new ArrayList<>();
            List<float[]> alone = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                adapters.add(stage.moved(i + 1L));
                alone.add(Logits.of(stage.model(), Tokens.PAIR, adapters.get(i)).all());
            }
            ExecutorService executor = Executors.newFixedThreadPool(THREADS);
            try {
                List<Future<?>> running = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    int own = i;
                    running.add(executor.submit(() -> {
                        for (int pass = 0; pass < PASSES; pass++) {
                            Expect.close(
                                    Logits.of(stage.model(), Tokens.PAIR, adapters.get(own))
                                            .all(),
                                    alone.get(own),
                                    BLOCKING,
                                    "logits of adapter " + own + " beside other threads");
                        }
                    }));
                }
                for (Future<?> thread : running) {
                    thread.get();
                }
            } finally {
                executor.shutdown();
            }
        }
    }

    private static void releasing(MethodTrial<?> trial) {
        try (Stage stage = trial.stage()) {
            AttachedAdapter one = stage.moved(1);
            AttachedAdapter two = stage.moved(2);
            float[] before = Logits.of(stage.model(), Tokens.PAIR, two).all();
            stage.release(one);
            Expect.sameBits(
                    Logits.of(stage.model(), Tokens.PAIR, two).all(),
                    before,
                    "logits after another adapter was released");
        }
    }

    private static void swapping(MethodTrial<?> trial) {
        try (Stage stage = trial.stage()) {
            var folder = stage.save(stage.moved(1));
            var other = stage.save(stage.moved(2));
            float[] expected = null;
            long before = 0;
            for (int swap = 0; swap < 4; swap++) {
                AttachedAdapter away = stage.load(other).get(0);
                Logits.of(stage.model(), Tokens.PAIR, away);
                stage.release(away);
                AttachedAdapter again = stage.load(folder).get(0);
                float[] found = Logits.of(stage.model(), Tokens.PAIR, again).all();
                stage.release(again);
                if (swap > 0) {
                    Expect.sameBits(found, expected, "logits after swap " + swap);
                    Expect.equal(stage.engine().liveArrays(), before, "arrays alive after swap " + swap);
                }
                expected = found;
                before = stage.engine().liveArrays();
            }
        }
    }

    private static void passes(MethodTrial<?> trial) {
        try (Stage stage = trial.stage()) {
            AttachedAdapter adapter = stage.moved(1);
            Logits.of(stage.model(), Tokens.PAIR, adapter);
            long before = stage.engine().liveArrays();
            for (int pass = 0; pass < 3; pass++) {
                Logits.of(stage.model(), Tokens.PAIR, adapter);
            }
            Expect.equal(stage.engine().liveArrays(), before, "arrays alive after three more passes");
        }
    }

    private static void batchMates(MethodTrial<?> trial) {
        try (Stage stage = trial.stage()) {
            AttachedAdapter adapter = stage.moved(1);
            Tokens tokens = Tokens.random(4, trial.bench().random("mates"));
            Logits together = Logits.of(stage.model(), tokens, adapter);
            for (int row = 0; row < tokens.rows(); row++) {
                Expect.close(
                        together.row(row),
                        Logits.of(stage.model(), tokens.alone(row), adapter).row(0),
                        BLOCKING,
                        "row " + row + " beside others");
            }
        }
    }

    private static void failedPass(MethodTrial<?> trial) {
        try (Stage stage = trial.stage()) {
            AttachedAdapter adapter = stage.moved(1);
            AttachedAdapter tripping = stage.other(new Tripping(), "tripping", adapter);
            float[] before = Logits.of(stage.model(), Tokens.PAIR, adapter).all();
            long arrays = stage.engine().liveArrays();
            for (int pass = 0; pass < 2; pass++) {
                boolean ended = false;
                try {
                    Logits.of(stage.model(), Tokens.PAIR, tripping, adapter);
                } catch (Tripping.Tripped expected) {
                    ended = true;
                }
                Expect.that(ended, "a pass that another adapter ends in an error came to its end all the same");
            }
            Expect.equal(stage.engine().liveArrays(), arrays, "arrays alive after passes that failed");
            Expect.sameBits(
                    Logits.of(stage.model(), Tokens.PAIR, adapter).all(), before, "logits after passes that failed");
        }
    }
}
