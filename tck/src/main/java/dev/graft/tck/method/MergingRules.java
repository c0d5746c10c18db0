package dev.graft.tck.method;

import static dev.graft.tck.rule.Chapter.article;
import static dev.graft.tck.rule.Rule.must;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.model.ModelLoader;
import dev.graft.kernel.model.ModelMerger;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.Weight;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import dev.graft.tck.bench.Logits;
import dev.graft.tck.bench.Tokens;
import dev.graft.tck.rule.Chapter;
import dev.graft.tck.rule.Expect;
import dev.graft.tck.rule.NotApplicable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Chapter 6: merging into the base. */
public final class MergingRules {
    /** The chapter. */
    public static final Chapter<MethodTrial<?>> CHAPTER = new Chapter<>(
            6,
            "Merging",
            List.of(
                    article(
                            must(
                                            "6.01",
                                            "mergedEqualsAttached",
                                            "A merged checkpoint computes what the attached adapter does;"
                                                    + " a method that declares that it cannot merge refuses in one sentence, and"
                                                    + " nothing is written.")
                                    .because("Merging is a matter of speed, not of meaning.")
                                    .seen("peft 1388, 1704, 2321: merged models that computed something else.")
                                    .look("the order of axes of input-major weights; biases; scalings; tied weights."),
                            MergingRules::mergedEqualsAttached),
                    article(
                            must(
                                            "6.02",
                                            "mergingLeavesModelAndAdapter",
                                            "Merging leaves the base's weights and the adapter's"
                                                    + " parameters as they were, to the bit.")
                                    .because("Others go on using them.")
                                    .look("operations in place in the functions that merge() gives."),
                            MergingRules::leavesModelAndAdapter),
                    article(
                            must(
                                            "6.03",
                                            "whatIsMergedIsThere",
                                            "merge() names parameters that the model has, or biases of its"
                                                    + " linear layers.")
                                    .because("A change of nothing is a change that is lost.")
                                    .look("the names given to merge."),
                            MergingRules::namesWhatIsThere),
                    article(
                            must(
                                            "6.04",
                                            "mergingIsAFunction",
                                            "A function that merge() gives comes to the same value for the"
                                                    + " same base value, however often it is applied, and leaves that value alone.")
                                    .because("A checkpoint may be merged a second time, into another file.")
                                    .seen("Merging twice added the update twice.")
                                    .look("state that the function keeps between calls."),
                            MergingRules::isAFunction),
                    article(
                            must(
                                            "6.05",
                                            "mergingKeepsShapes",
                                            "A merged parameter has the shape and the element type of the one"
                                                    + " it replaces.")
                                    .because("The checkpoint's architecture does not change.")
                                    .look("transpositions; a last cast to the base's dtype."),
                            MergingRules::keepsShapes),
                    article(
                            must(
                                            "6.06",
                                            "mergingTwoEqualsAttachingTwo",
                                            "Two adapters of the method merged together compute what"
                                                    + " both attached, in the same order, do.")
                                    .because("Changes of one parameter are applied one after the other.")
                                    .look("functions that ignore the value they are given."),
                            MergingRules::twoEqualTwo)));

    private MergingRules() {}

    private static void mergedEqualsAttached(MethodTrial<?> trial) throws Exception {
        try (Stage stage = trial.stage()) {
            AttachedAdapter adapter = stage.settled(1);
            Path target = trial.bench().newFolder().resolve("merged");
            if (trial.can(Capability.MERGE)) {
                sameAsMerged(trial, stage, target, List.of(adapter));
            } else {
                Expect.refused(
                        () -> merge(trial, stage, target, List.of(adapter)),
                        "a merge, of which it is declared that it cannot be,");
                Expect.that(Files.notExists(target), "something was written although the merge was refused");
            }
        }
    }

    private static void sameAsMerged(MethodTrial<?> trial, Stage stage, Path target, List<AttachedAdapter> adapters) {
        merge(trial, stage, target, adapters);
        float[] attached = Logits.of(stage.model(), Tokens.PAIR, adapters.toArray(AttachedAdapter[]::new))
                .all();
        try (LoadedModel merged = trial.bench().load(target, ModelLoader.Options.asStored())) {
            Expect.close(
                    Logits.of(merged, Tokens.PAIR).all(),
                    attached,
                    AttachmentRules.ROUNDING,
                    "logits of the merged model against those of what is attached");
        }
    }

    private static void merge(MethodTrial<?> trial, Stage stage, Path target, List<AttachedAdapter> adapters) {
        new ModelMerger(stage.model(), adapters)
                .write(trial.bench().checkpoint(trial.model()), target, ModelMerger.Form.asStored());
    }

    private static void mergeable(MethodTrial<?> trial) {
        if (!trial.can(Capability.MERGE)) {
            throw new NotApplicable("it is declared that it cannot merge; 6.01 asks for the refusal");
        }
    }

    private static void leavesModelAndAdapter(MethodTrial<?> trial) {
        mergeable(trial);
        try (Stage stage = trial.stage()) {
            AttachedAdapter adapter = stage.settled(1);
            Map<String, float[]> weights = stage.weights();
            Map<String, float[]> values = Stage.values(adapter);
            merge(trial, stage, trial.bench().newFolder().resolve("merged"), List.of(adapter));
            AttachmentRules.sameWeights(stage, weights);
            Stage.values(adapter)
                    .forEach((name, value) -> Expect.sameBits(value, values.get(name), name + " after merging"));
        }
    }

    private static void namesWhatIsThere(MethodTrial<?> trial) {
        mergeable(trial);
        try (Stage stage = trial.stage()) {
            Set<String> known = new HashSet<>(stage.model().weightsByName().keySet());
            stage.model().weights().all().forEach(weight -> known.add(weight.name()));
            stage.model().view().linears().map(LinearSite::name).forEach(site -> known.add(site + ".bias"));
            stage.settled(1)
                    .attachment()
                    .merge()
                    .keySet()
                    .forEach(name ->
                            Expect.that(known.contains(name), "merge() changes '" + name + "', which is not there"));
        }
    }

    private interface Merged {
        void check(String name, Tensor base, UnaryOperator<Tensor> change);
    }

    /** Each change with the value it is a change of, in a scope of its own. */
    private static void each(MethodTrial<?> trial, Merged check) {
        mergeable(trial);
        try (Stage stage = trial.stage()) {
            Map<String, Weight> weights = stage.model().weightsByName();
            stage.settled(1).attachment().merge().forEach((name, change) -> {
                Weight weight = weights.get(name);
                if (weight != null) {
                    stage.model().tensors().withoutGradient(() -> {
                        try (Scope scope = stage.model().tensors().scope()) {
                            check.check(name, weight.tensor(), change);
                        }
                        return null;
                    });
                }
            });
        }
    }

    private static void isAFunction(MethodTrial<?> trial) {
        each(trial, (name, base, change) -> {
            float[] before = base.floats();
            float[] once = change.apply(base).floats();
            Expect.sameBits(change.apply(base).floats(), once, "the merged " + name + " the second time");
            Expect.sameBits(base.floats(), before, "the value of " + name + " that was given to merge");
        });
    }

    private static void keepsShapes(MethodTrial<?> trial) {
        each(trial, (name, base, change) -> {
            Tensor merged = change.apply(base);
            Expect.equal(merged.shape(), base.shape(), "the shape of the merged " + name);
            Expect.equal(merged.dtype(), base.dtype(), "the element type of the merged " + name);
        });
    }

    private static void twoEqualTwo(MethodTrial<?> trial) {
        mergeable(trial);
        try (Stage stage = trial.stage()) {
            List<AttachedAdapter> two = List.of(stage.settled(1), stage.settled(2));
            sameAsMerged(trial, stage, trial.bench().newFolder().resolve("merged"), two);
        }
    }
}
