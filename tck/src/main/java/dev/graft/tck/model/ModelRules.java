package dev.graft.tck.model;

import static dev.graft.tck.rule.Chapter.article;
import static dev.graft.tck.rule.Rule.must;

import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.model.Site;
import dev.graft.spi.model.Task;
import dev.graft.tck.bench.Logits;
import dev.graft.tck.bench.TinyModel;
import dev.graft.tck.bench.Tokens;
import dev.graft.tck.rule.Chapter;
import dev.graft.tck.rule.Expect;
import dev.graft.tck.rule.NotApplicable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Chapter 9: model families, by what holds for every architecture; that it is the right one, reference cases tell. */
public final class ModelRules {
    private static final double BLOCKING = 3e-5;

    /** The chapter. */
    public static final Chapter<ModelTrial> CHAPTER = new Chapter<>(
            9,
            "Model",
            List.of(
                    article(
                            must(
                                            "9.01",
                                            "aRowDoesNotDependOnItsBatch",
                                            "A row gives the same alone, without padding, as in a" + " batch.")
                                    .because("Who else asks at the same moment is chance.")
                                    .look("masks, and anything computed over the batch axis."),
                            ModelRules::rows),
                    article(
                            must(
                                            "9.02",
                                            "paddingInFrontChangesNothing",
                                            "Padding in front of the rows changes no output.")
                                    .because("Prompts of unequal length are padded in front.")
                                    .look("positions: Pass tells those of each token."),
                            ModelRules::padding),
                    article(
                            must(
                                            "9.03",
                                            "cachedEqualsOnePass",
                                            "Token by token out of a cache a decoder gives what it gives in"
                                                    + " one pass.")
                                    .because("A cache is a matter of speed.")
                                    .look("Pass.attend: keys and values go through it."),
                            ModelRules::cached),
                    article(
                            must(
                                            "9.04",
                                            "aDecoderDoesNotSeeWhatComes",
                                            "Changing a token of a decoder's input changes no output" + " before it.")
                                    .because("What comes is to be predicted.")
                                    .look("the causal flag given to Pass.attend."),
                            ModelRules::causal),
                    article(
                            must("9.05", "everyTokenIsHeard", "Changing a token changes an output.")
                                    .because("A model that is deaf to its input learns nothing.")
                                    .look("the embedding, and what becomes of it."),
                            ModelRules::heard),
                    article(
                            must("9.06", "sitesHaveNamesOfTheirOwn", "No two sites of a kind have the same name.")
                                    .because("Methods find them by name.")
                                    .look("sites()."),
                            ModelRules::names),
                    article(
                            must(
                                            "9.07",
                                            "sitesStandInTheOrderOfThePass",
                                            "Blocks of the sites do not fall from one to the next,"
                                                    + " and every block has one.")
                                    .because("Methods go by the order.")
                                    .look("sites(), and the layer of each."),
                            ModelRules::order),
                    article(
                            must(
                                            "9.08",
                                            "theDescriptionIsTrue",
                                            "Layers, width, heads, vocabulary, labels and task of the"
                                                    + " description are those of the configuration.")
                                    .because("Methods make parameters by these measures.")
                                    .look("description()."),
                            ModelRules::description),
                    article(
                            must("9.09", "itIsTheSameEveryTime", "Two passes give the same outputs, to the bit.")
                                    .because("A model holds no state between passes.")
                                    .look("fields that forward writes to."),
                            ModelRules::repeatable),
                    article(
                            must(
                                            "9.10",
                                            "aPassLeavesNoArrays",
                                            "A pass leaves as many arrays alive as before, and closing the"
                                                    + " model frees its weights.")
                                    .because("So does every request.")
                                    .look("tensors kept in fields: make tables in the constructor."),
                            ModelRules::leavesNothing),
                    article(
                            must(
                                            "9.11",
                                            "aMissingKeyIsNamed",
                                            "Without the key of its width, the configuration is refused in one"
                                                    + " sentence, and nothing is left.")
                                    .because("A checkpoint may be damaged.")
                                    .look(
                                            "CheckpointConfig.integer and size name the key; defaults only where transformers"
                                                    + " has them."),
                            ModelRules::missingKey),
                    article(
                            must(
                                            "9.12",
                                            "architecturesAndTasksAgree",
                                            "task names the task of each architecture that architecture"
                                                    + " gives for it.")
                                    .because("Checkpoints are saved under that name.")
                                    .look("task() and architecture()."),
                            ModelRules::tasks)));

    private ModelRules() {}

    private static void rows(ModelTrial trial) {
        try (LoadedModel model = trial.drawn()) {
            Tokens tokens = Tokens.random(4, trial.bench().random("rows"));
            Logits together = Logits.of(model, tokens);
            for (int row = 0; row < tokens.rows(); row++) {
                Expect.close(
                        together.row(row),
                        Logits.of(model, tokens.alone(row)).row(0),
                        BLOCKING,
                        "row " + row + " of a batch");
            }
        }
    }

    private static void padding(ModelTrial trial) {
        try (LoadedModel model = trial.drawn()) {
            Tokens tokens = Tokens.random(3, trial.bench().random("padding"));
            Expect.close(
                    Logits.of(model, tokens.paddedLeft(3)).all(),
                    Logits.of(model, tokens).all(),
                    BLOCKING,
                    "logits with padding in front");
        }
    }

    private static void decoding(ModelTrial trial) {
        if (trial.model().task() != Task.CAUSAL_LM) {
            throw new NotApplicable("a model of task " + trial.model().task() + " does not generate");
        }
    }

    private static void cached(ModelTrial trial) {
        decoding(trial);
        try (LoadedModel model = trial.drawn()) {
            Expect.close(
                    Logits.cached(model, Tokens.PAIR, 3, RowAssignment.base()).all(),
                    Logits.of(model, Tokens.PAIR).all(),
                    BLOCKING,
                    "logits token by token");
        }
    }

    private static Tokens changed(int slot) {
        long[] other = Tokens.PAIR.ids()[0].clone();
        other[slot] = 20;
        return Tokens.of(other);
    }

    private static void causal(ModelTrial trial) {
        decoding(trial);
        try (LoadedModel model = trial.drawn()) {
            float[] before = Logits.of(model, Tokens.PAIR.alone(0)).all();
            int classes = before.length / Tokens.PAIR.length();
            for (int slot = 1; slot < Tokens.PAIR.length(); slot++) {
                Expect.sameBits(
                        Arrays.copyOf(Logits.of(model, changed(slot)).all(), slot * classes),
                        Arrays.copyOf(before, slot * classes),
                        "logits before token " + slot + ", which was changed");
            }
        }
    }

    private static void heard(ModelTrial trial) {
        try (LoadedModel model = trial.drawn()) {
            float[] before = Logits.of(model, Tokens.PAIR.alone(0)).all();
            for (int slot = 0; slot < Tokens.PAIR.length(); slot++) {
                Expect.different(
                        Logits.of(model, changed(slot)).all(), before, "changing token " + slot + " changes no output");
            }
        }
    }

    private static void names(ModelTrial trial) {
        try (LoadedModel model = trial.drawn()) {
            Set<String> names = new HashSet<>();
            for (Site site : model.view().sites()) {
                Expect.that(
                        names.add(site.getClass().getSimpleName() + " " + site.name()),
                        "two sites are called " + site.name());
            }
        }
    }

    private static void order(ModelTrial trial) {
        try (LoadedModel model = trial.drawn()) {
            int before = -1;
            Set<Integer> blocks = new HashSet<>();
            for (Site site : model.view().sites()) {
                Expect.that(
                        site.layer() >= before,
                        site.name() + " of block " + site.layer() + " comes after block " + before);
                before = site.layer();
                blocks.add(before);
            }
            for (int block = 0; block < model.description().layers(); block++) {
                Expect.that(blocks.contains(block), "block " + block + " has no site");
            }
        }
    }

    private static void description(ModelTrial trial) {
        try (LoadedModel model = trial.drawn()) {
            ModelDescription description = model.description();
            Expect.equal(description.modelType(), trial.model().config().modelType(), "model type");
            Expect.equal(description.task(), trial.model().task(), "task");
            Expect.equal(description.labels(), trial.model().labels(), "labels");
            Expect.equal(description.hidden(), 16, "hidden");
            Expect.equal(description.heads(), 4, "heads");
            Expect.equal(description.headSize(), 4, "head size");
            Expect.equal(description.vocabulary(), TinyModel.VOCABULARY, "vocabulary");
            int blocks = (int) model.view()
                    .linears()
                    .filter(site -> site.role() == LinearSite.Role.FFN_DOWN)
                    .count();
            Expect.equal(description.layers(), blocks, "layers");
            Expect.that(
                    model.view().sites(EmbeddingSite.class).findAny().isPresent(),
                    "there is no embedding among the sites");
        }
    }

    private static void repeatable(ModelTrial trial) {
        try (LoadedModel model = trial.drawn()) {
            float[] before = Logits.of(model, Tokens.PAIR).all();
            Logits.of(model, Tokens.random(3, trial.bench().random("between")));
            Expect.sameBits(Logits.of(model, Tokens.PAIR).all(), before, "logits of a second pass");
        }
    }

    private static void leavesNothing(ModelTrial trial) {
        long none = trial.bench().engine().liveArrays();
        try (LoadedModel model = trial.drawn()) {
            Logits.of(model, Tokens.PAIR);
            long before = trial.bench().engine().liveArrays();
            Logits.of(model, Tokens.PAIR);
            Expect.equal(trial.bench().engine().liveArrays(), before, "arrays alive after one more pass");
        }
        Expect.equal(trial.bench().engine().liveArrays(), none, "arrays alive after the model was closed");
    }

    private static void missingKey(ModelTrial trial) throws Exception {
        Map<String, Object> without = new HashMap<>();
        without.put("hidden_size", null);
        without.put("n_embd", null);
        long before = trial.bench().engine().liveArrays();
        Expect.refused(
                () -> trial.bench()
                        .drawn(trial.provider(), trial.model(), trial.model().config(without))
                        .close(),
                "a configuration without hidden_size or n_embd");
        Expect.equal(trial.bench().engine().liveArrays(), before, "arrays alive after a configuration was refused");
    }

    private static void tasks(ModelTrial trial) {
        String type = trial.model().config().modelType();
        for (Task task : Task.values()) {
            trial.provider()
                    .architecture(type, task)
                    .ifPresent(name ->
                            Expect.equal(trial.provider().task(name).orElse(null), task, "the task of " + name));
        }
        String own = trial.model().config().architectures().get(0);
        Expect.equal(trial.provider().task(own).orElse(null), trial.model().task(), "the task of " + own);
    }
}
