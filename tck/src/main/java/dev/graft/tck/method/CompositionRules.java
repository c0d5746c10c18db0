package dev.graft.tck.method;

import static dev.graft.tck.rule.Chapter.article;
import static dev.graft.tck.rule.Rule.must;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.model.AdapterCombiner;
import dev.graft.spi.method.Combination;
import dev.graft.spi.method.LinearCombination;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import dev.graft.tck.bench.Logits;
import dev.graft.tck.bench.Tokens;
import dev.graft.tck.rule.Chapter;
import dev.graft.tck.rule.Expect;
import dev.graft.tck.rule.NotApplicable;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Chapter 7: several adapters at once. */
public final class CompositionRules {
    /** The chapter. */
    public static final Chapter<MethodTrial<?>> CHAPTER = new Chapter<>(
            7,
            "Composition",
            List.of(
                    article(
                            must(
                                            "7.01",
                                            "twoOfAKindBothAct",
                                            "Of two adapters of the method on one row, each changes what the"
                                                    + " other alone computes; of a method that declares that it cannot stack, the"
                                                    + " later takes the place of the earlier.")
                                    .because("Adapters stack.")
                                    .look("patches that replace what came before instead of changing it."),
                            CompositionRules::bothAct),
                    article(
                            must(
                                            "7.02",
                                            "itStandsBesideAnotherMethod",
                                            "Beside an adapter of the kit's own method both act, and"
                                                    + " both are saved and loaded together.")
                                    .because("A recipe may name several methods.")
                                    .seen("PEFT's mixed models cannot be saved.")
                                    .look("patches that ask for the base's own weight instead of what comes out; fixed"
                                            + " file names outside of AdapterFormat.")
                                    .withoutMutant(
                                            "it joins what 5.01 and 7.01 look at one by one, and their mutants break"
                                                    + " it as well"),
                            CompositionRules::besideAnother),
                    article(
                            must(
                                            "7.03",
                                            "oneCombinedWithWeightOneIsItself",
                                            "The linear combination of one adapter with weight"
                                                    + " 1 computes what it does; a method that declares that it cannot combine refuses"
                                                    + " in one sentence.")
                                    .because("Combining obeys the laws of sums.")
                                    .look("combine: LinearCombination; or declare cannot: [combine]."),
                            CompositionRules::combinesToItself),
                    article(
                            must(
                                            "7.04",
                                            "anUnknownWayToCombineIsRefused",
                                            "Combining in a way that the method does not know is"
                                                    + " refused in one sentence.")
                                    .because("A misspelt way is not the default way.")
                                    .look("combine: the last branch is a ConfigurationException."),
                            CompositionRules::unknownWay)));

    private CompositionRules() {}

    private static void bothAct(MethodTrial<?> trial) {
        try (Stage stage = trial.stage()) {
            AttachedAdapter one = stage.moved(1);
            AttachedAdapter two = stage.moved(2);
            if (trial.can(Capability.STACK)) {
                actTogether(stage, one, two);
            } else {
                Expect.sameBits(
                        Logits.of(stage.model(), Tokens.PAIR, one, two).all(),
                        Logits.of(stage.model(), Tokens.PAIR, two).all(),
                        "it is declared that the later of two takes the place of the earlier; logits of both");
            }
        }
    }

    private static void actTogether(Stage stage, AttachedAdapter one, AttachedAdapter two) {
        float[] both = Logits.of(stage.model(), Tokens.PAIR, one, two).all();
        Expect.different(
                both, Logits.of(stage.model(), Tokens.PAIR, one).all(), "the second of two adapters has no effect");
        Expect.different(
                both, Logits.of(stage.model(), Tokens.PAIR, two).all(), "the first of two adapters has no effect");
    }

    private static void besideAnother(MethodTrial<?> trial) {
        if (trial.provider() instanceof Gain) {
            throw new NotApplicable("it is the kit's own method");
        }
        try (Stage stage = trial.stage()) {
            AttachedAdapter own = stage.settled(1);
            AttachedAdapter other = stage.moved(stage.other(new Gain(), "gain", own), 2);
            actTogether(stage, own, other);
            float[] before = Logits.of(stage.model(), Tokens.PAIR, own, other).all();
            Path folder = stage.save(own, other);
            List<AttachedAdapter> again = stage.load(folder);
            Expect.sameBits(
                    Logits.of(stage.model(), Tokens.PAIR, again.toArray(AttachedAdapter[]::new))
                            .all(),
                    before,
                    "logits of both adapters after loading");
        }
    }

    private static void combinesToItself(MethodTrial<?> trial) throws Exception {
        try (Stage stage = trial.stage()) {
            AttachedAdapter adapter = stage.settled(1);
            List<AdapterCombiner.Weighted> alone = List.of(new AdapterCombiner.Weighted(stage.save(adapter), 1));
            AdapterCombiner combiner = new AdapterCombiner(trial.bench().registry(), stage.model());
            AdapterCombiner.Manner linear = new AdapterCombiner.Manner(LinearCombination.NAME, Map.of());
            if (!trial.can(Capability.COMBINE)) {
                Expect.refused(
                        () -> combiner.combine("c", alone, linear),
                        "combining, of which it is declared that it cannot be,");
                return;
            }
            AttachedAdapter combined = combiner.combine("c", alone, linear);
            try {
                Expect.close(
                        Logits.of(stage.model(), Tokens.PAIR, combined).all(),
                        Logits.of(stage.model(), Tokens.PAIR, adapter).all(),
                        AttachmentRules.ROUNDING,
                        "logits of the adapter combined with itself alone");
            } finally {
                combined.release();
            }
        }
    }

    private static Map<String, Tensor> state(AttachedAdapter adapter) {
        Map<String, Tensor> state = new LinkedHashMap<>(adapter.attachment().state());
        state.putAll(adapter.buffers());
        adapter.variables().forEach((name, variable) -> state.put(name, variable.tensor()));
        return state;
    }

    private static <C extends Record> Combination<C> combination(
            MethodTrial<C> trial, Map<String, Tensor> state, String how) {
        return new Combination<>(List.of(new Combination.Part<>(trial.configuration(), state, 1)), how, Map.of());
    }

    private static <C extends Record> void unknownWay(MethodTrial<C> trial) throws Exception {
        try (Stage stage = trial.stage()) {
            AttachedAdapter adapter = stage.moved(1);
            try (Scope scope = stage.model().tensors().scope()) {
                Combination<C> unknown = combination(trial, state(adapter), "tck-unknown");
                Expect.refused(
                        () -> trial.provider().combine(stage.model().tensors(), unknown), "combining by 'tck-unknown'");
            }
        }
    }
}
