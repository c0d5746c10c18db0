package dev.graft.tck.method;

import static dev.graft.tck.rule.Chapter.article;
import static dev.graft.tck.rule.Rule.must;
import static dev.graft.tck.rule.Rule.should;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.train.TrainedParameters;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.Part;
import dev.graft.spi.method.Patches;
import dev.graft.spi.model.AttentionSite;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.Site;
import dev.graft.spi.model.SublayerSite;
import dev.graft.tck.bench.Logits;
import dev.graft.tck.bench.TinyModel;
import dev.graft.tck.bench.Tokens;
import dev.graft.tck.rule.Chapter;
import dev.graft.tck.rule.Expect;
import dev.graft.tck.rule.NotApplicable;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Chapter 3: what attaching does and does not do. */
public final class AttachmentRules {
    /** How much a logit may differ where sums are taken in another order. */
    static final double ROUNDING = 2e-5;

    /** The chapter. */
    public static final Chapter<MethodTrial<?>> CHAPTER = new Chapter<>(
            3,
            "Attachment",
            List.of(
                    article(
                            must(
                                            "3.01",
                                            "everyModelIsServedOrRefused",
                                            "On a model that the method does not fit, attaching"
                                                    + " is refused in one sentence and leaves no array.")
                                    .because("A person who chose the wrong model has to learn what would fit.")
                                    .seen("Bias tuning on a model without biases trains nothing and says nothing.")
                                    .look("attach: throw ConfigurationException where no site is found, before anything"
                                            + " is retained."),
                            AttachmentRules::servedOrRefused),
                    article(
                            must(
                                            "3.02",
                                            "freshAttachmentIsANoOp",
                                            "A fresh attachment leaves the model's outputs as they"
                                                    + " are; one whose method declares that it cannot changes them.")
                                    .because("Training begins at the model that was chosen, not at a damaged one.")
                                    .look("the initializers of the parameters; or declare cannot: [no-op-when-fresh]."),
                            AttachmentRules::noOpWhenFresh),
                    article(
                            must(
                                            "3.03",
                                            "attachingChangesNoBitOfTheBase",
                                            "Attaching, running and releasing leave every"
                                                    + " weight of the base and its outputs as they were, to the bit.")
                                    .because("The base is shared by every adapter and every request.")
                                    .seen(
                                            "mlx-examples 1108: leftovers of an adapter in the weights after it was removed.")
                                    .look("merge and patches: no operation may write in place to a base weight.")
                                    .withoutMutant(
                                            "the tensors of the contracts cannot be written to; a plugin would need the kernel, which 1.06 forbids"),
                            AttachmentRules::baseUntouched),
                    article(
                            must(
                                            "3.04",
                                            "asManyElementsLearnAsTheFormulaSays",
                                            "trainableParameters equals the number of"
                                                    + " elements of the attachment's parameters.")
                                    .because("What a run will cost is asked before anything is loaded.")
                                    .look(
                                            "trainableParameters: heads that learn along count too; biases; tied weights."),
                            AttachmentRules::formula),
                    article(
                            must(
                                            "3.05",
                                            "parameterNamesAreUniqueAndStable",
                                            "Parameters have names of their own, and two"
                                                    + " attachments of one configuration have the same names in the same order.")
                                    .because("Optimizer state and files find parameters by name.")
                                    .look(
                                            "the names given to AttachContext.parameter; no hash maps, no counters that live"
                                                    + " longer than an attachment."),
                            AttachmentRules::stableNames),
                    article(
                            must(
                                            "3.06",
                                            "aReleasedAdapterLeavesNoArrays",
                                            "After an adapter was attached, run and released,"
                                                    + " as many arrays are alive as before.")
                                    .because("A server swaps adapters for weeks.")
                                    .look(
                                            "tensors kept in fields: declare them by parameter, buffer, variable or retain."),
                            AttachmentRules::leavesNothing),
                    article(
                            must(
                                            "3.07",
                                            "theSameSeedBeginsTheSame",
                                            "Two attachments from the same random numbers begin with"
                                                    + " the same values, to the bit.")
                                    .because("A run can be repeated.")
                                    .look("initializers: draw from the RandomStream they are given, never from"
                                            + " java.util.Random or the clock."),
                            AttachmentRules::sameSeed),
                    article(
                            must(
                                            "3.08",
                                            "everyPatchHasItsSite",
                                            "Every patch belongs to a site or a parameter that the model"
                                                    + " or an attachment publishes.")
                                    .because("A patch for a name that does not exist never acts, and nobody is told.")
                                    .look("the names given to Patches.Builder."),
                            AttachmentRules::patchesHaveSites),
                    article(
                            must(
                                            "3.09",
                                            "layersAreThoseOfTheModel",
                                            "The layer of every parameter is -1, a block of the model,"
                                                    + " or Integer.MAX_VALUE.")
                                    .because("Layer-wise learning rates and gradual unfreezing go by it.")
                                    .look("the layer given to ParameterSpec; Site.layer has it."),
                            AttachmentRules::layers),
                    article(
                            must(
                                            "3.10",
                                            "anAttachmentAnswersTheSameEveryTime",
                                            "parameters() and patches() name the same things"
                                                    + " however often they are asked.")
                                    .because("The structure of an attachment never changes.")
                                    .look("parameters(), patches(): return what attach made."),
                            AttachmentRules::sameAnswers),
                    article(
                            must(
                                            "3.11",
                                            "whatMovedIsHeard",
                                            "An adapter whose parameters have moved changes the model's" + " outputs.")
                                    .because("A technique that changes nothing cannot learn.")
                                    .look("the patches: is a parameter's tensor() asked for in every pass, and used?"),
                            AttachmentRules::heard),
                    article(
                            must(
                                            "3.12",
                                            "aParameterIsAskedForAnew",
                                            "A patch computes with the value that a parameter has in" + " that pass.")
                                    .because("The optimizer changes values in place between passes.")
                                    .look("values computed from parameters and kept in fields of a patch."),
                            AttachmentRules::asksAnew),
                    article(
                            must("3.13", "noThreadIsLeft", "Attaching, running and releasing leave no thread behind.")
                                    .because("A thread keeps its plugin in memory for good.")
                                    .look("executors, timers and cleaners."),
                            AttachmentRules::noThreads),
                    article(
                            should(
                                            "3.14",
                                            "doublePrecisionGivesTheSame",
                                            "In double precision an adapter gives the same"
                                                    + " outputs but for rounding.")
                                    .because(
                                            "Gradients are checked in double precision, and adapters may be of another type"
                                                    + " than the base.")
                                    .look("constants made in a fixed element type."),
                            AttachmentRules::doublePrecision)));

    private AttachmentRules() {}

    private static <C extends Record> void servedOrRefused(MethodTrial<C> trial) throws Exception {
        for (TinyModel other : TinyModel.values()) {
            MethodTrial<C> moved =
                    new MethodTrial<>(trial.bench(), trial.provider(), trial.declaration(), trial.tried(), other);
            try (Stage stage = moved.stage()) {
                Logits.of(stage.model(), Tokens.PAIR);
                long before = stage.engine().liveArrays();
                String refusal = Expect.refusal(() -> stage.fresh(1));
                if (refusal != null) {
                    Expect.equal(
                            stage.engine().liveArrays(),
                            before,
                            "arrays alive after attaching to " + other + " was refused");
                }
                if (other == trial.model()) {
                    Expect.that(refusal == null, "the setting it is declared for was refused: " + refusal);
                }
            }
        }
    }

    private static void noOpWhenFresh(MethodTrial<?> trial) {
        try (Stage stage = trial.stage()) {
            float[] bare = Logits.of(stage.model(), Tokens.PAIR).all();
            float[] fresh =
                    Logits.of(stage.model(), Tokens.PAIR, stage.fresh(1)).all();
            if (trial.can(Capability.NO_OP_WHEN_FRESH)) {
                Expect.close(fresh, bare, ROUNDING, "logits of a fresh adapter against those of the base");
            } else {
                Expect.different(
                        fresh, bare, "it is declared that a fresh adapter changes the outputs, but it does not");
            }
        }
    }

    private static void baseUntouched(MethodTrial<?> trial) {
        try (Stage stage = trial.stage()) {
            Map<String, float[]> weights = stage.weights();
            float[] bare = Logits.of(stage.model(), Tokens.PAIR).all();
            AttachedAdapter adapter = stage.moved(1);
            Logits.of(stage.model(), Tokens.PAIR, adapter);
            stage.release(adapter);
            sameWeights(stage, weights);
            Expect.sameBits(
                    Logits.of(stage.model(), Tokens.PAIR).all(),
                    bare,
                    "logits of the base after the adapter was released");
        }
    }

    /** The base's weights are what they were, to the bit. */
    static void sameWeights(Stage stage, Map<String, float[]> before) {
        stage.weights()
                .forEach((name, values) -> Expect.sameBits(values, before.get(name), "the base's weight " + name));
    }

    private static <C extends Record> void formula(MethodTrial<C> trial) {
        try (Stage stage = trial.stage()) {
            AttachedAdapter adapter = stage.fresh(1);
            List<Part> parts = adapter.parts().stream()
                    .map(part -> new Part(part.name(), part.method(), part.attachment()))
                    .toList();
            long formula = trial.provider().trainableParameters(stage.model().view(), trial.configuration(), parts);
            Expect.equal(formula, new TrainedParameters(List.of(adapter)).elements(), "trainableParameters");
        }
    }

    private static void stableNames(MethodTrial<?> trial) {
        try (Stage stage = trial.stage()) {
            AttachedAdapter first = stage.fresh(1);
            List<String> one = names(first);
            Expect.equal(new HashSet<>(one).size(), one.size(), "different names among " + one);
            stage.release(first);
            Expect.equal(names(stage.fresh(1)), one, "names of a second attachment");
        }
    }

    private static List<String> names(AttachedAdapter adapter) {
        return adapter.attachment().parameters().stream().map(Parameter::name).toList();
    }

    private static void leavesNothing(MethodTrial<?> trial) {
        try (Stage stage = trial.stage()) {
            for (long seed = 1; seed <= 2; seed++) {
                // the base keeps the plain form of a weight from when it is first asked for
                attachRunRelease(stage, seed);
            }
            long before = stage.engine().liveArrays();
            attachRunRelease(stage, 1);
            Expect.equal(stage.engine().liveArrays(), before, "arrays alive after an adapter was released");
        }
    }

    private static void attachRunRelease(Stage stage, long seed) {
        AttachedAdapter adapter = stage.moved(seed);
        Logits.of(stage.model(), Tokens.PAIR, adapter);
        stage.release(adapter);
    }

    private static void sameSeed(MethodTrial<?> trial) {
        try (Stage stage = trial.stage()) {
            Map<String, float[]> one = Stage.values(stage.fresh(1));
            Stage.values(stage.fresh(1))
                    .forEach((name, values) -> Expect.sameBits(values, one.get(name), "the first value of " + name));
        }
    }

    private static void patchesHaveSites(MethodTrial<?> trial) {
        try (Stage stage = trial.stage()) {
            AttachedAdapter adapter = stage.fresh(1);
            Patches patches = adapter.attachment().patches();
            List<Site> sites = stage.model().view().sites();
            Set<String> inner =
                    adapter.attachment().sites().stream().map(LinearSite::name).collect(Collectors.toSet());
            adapter.parts().forEach(part -> part.attachment().sites().forEach(site -> inner.add(site.name())));
            Set<String> linears = names(sites, LinearSite.class);
            linears.addAll(inner);
            known(patches.linear().keySet(), linears, "linear layer");
            known(patches.embedding().keySet(), names(sites, EmbeddingSite.class), "embedding");
            known(patches.attention().keySet(), names(sites, AttentionSite.class), "attention");
            known(patches.sublayer().keySet(), names(sites, SublayerSite.class), "sublayer");
            Set<String> parameters = new HashSet<>(stage.model().weightsByName().keySet());
            stage.model().weights().all().forEach(weight -> parameters.add(weight.name()));
            // a layer may be given a bias that it lacks
            linears.forEach(site -> parameters.add(site + ".bias"));
            known(patches.parameter().keySet(), parameters, "parameter");
        }
    }

    private static Set<String> names(List<Site> sites, Class<? extends Site> kind) {
        return sites.stream().filter(kind::isInstance).map(Site::name).collect(Collectors.toCollection(HashSet::new));
    }

    private static void known(Collection<String> patched, Set<String> sites, String kind) {
        patched.forEach(name ->
                Expect.that(sites.contains(name), "a patch is for " + kind + " '" + name + "', which is not there"));
    }

    private static void layers(MethodTrial<?> trial) {
        try (Stage stage = trial.stage()) {
            int blocks = stage.model().description().layers();
            for (Parameter parameter : stage.fresh(1).attachment().parameters()) {
                int layer = parameter.spec().layer();
                Expect.that(
                        layer == Integer.MAX_VALUE || (layer >= -1 && layer < blocks),
                        parameter.name() + " is said to belong to layer " + layer + " of a model of " + blocks);
            }
        }
    }

    private static void sameAnswers(MethodTrial<?> trial) {
        try (Stage stage = trial.stage()) {
            AttachedAdapter adapter = stage.fresh(1);
            List<String> names = names(adapter);
            Set<String> sites = sites(adapter.attachment().patches());
            Logits.of(stage.model(), Tokens.PAIR, adapter);
            for (int i = 0; i < 3; i++) {
                Expect.equal(names(adapter), names, "names of parameters when asked again");
                Expect.equal(sites(adapter.attachment().patches()), sites, "sites of patches when asked again");
            }
        }
    }

    private static Set<String> sites(Patches patches) {
        Set<String> names = new HashSet<>(patches.linear().keySet());
        names.addAll(patches.parameter().keySet());
        names.addAll(patches.embedding().keySet());
        names.addAll(patches.attention().keySet());
        names.addAll(patches.sublayer().keySet());
        return names;
    }

    private static void heard(MethodTrial<?> trial) {
        try (Stage stage = trial.stage()) {
            Expect.different(
                    Logits.of(stage.model(), Tokens.PAIR, stage.moved(1)).all(),
                    Logits.of(stage.model(), Tokens.PAIR).all(),
                    "all parameters were moved, and the logits are still those of the base");
        }
    }

    private static void asksAnew(MethodTrial<?> trial) {
        try (Stage stage = trial.stage()) {
            AttachedAdapter adapter = stage.fresh(1);
            float[] fresh = Logits.of(stage.model(), Tokens.PAIR, adapter).all();
            stage.moved(adapter, 1);
            Expect.different(
                    Logits.of(stage.model(), Tokens.PAIR, adapter).all(),
                    fresh,
                    "parameters moved after a first pass, and the second pass gives the same logits");
        }
    }

    private static void noThreads(MethodTrial<?> trial) {
        try (Stage warm = trial.stage()) {
            attachRunRelease(warm, 1);
        }
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (Stage stage = trial.stage()) {
            attachRunRelease(stage, 1);
        }
        Set<Thread> after = new HashSet<>(Thread.getAllStackTraces().keySet());
        after.removeAll(before);
        after.removeIf(thread -> !thread.isAlive());
        Expect.that(
                after.isEmpty(),
                "threads are left: " + after.stream().map(Thread::getName).toList());
    }

    private static void doublePrecision(MethodTrial<?> trial) {
        if (!trial.tried().parts().isEmpty()) {
            throw new NotApplicable("the parts of the adapter hold random numbers, which differ between precisions");
        }
        try (Stage single = trial.stage();
                Stage twice = trial.doubleStage()) {
            float[] expected =
                    Logits.of(single.model(), Tokens.PAIR, filled(single)).all();
            float[] found = Logits.of(twice.model(), Tokens.PAIR, filled(twice)).all();
            Expect.close(found, expected, 1e-3, "logits in double precision against those in single precision");
        }
    }

    /** An adapter whose parameters hold numbers that are the same in every precision. */
    private static AttachedAdapter filled(Stage stage) {
        AttachedAdapter adapter = stage.fresh(1);
        for (Parameter parameter : adapter.attachment().parameters()) {
            int elements = Math.toIntExact(parameter.spec().shape().elements());
            float[] values = new float[elements];
            for (int i = 0; i < elements; i++) {
                values[i] = (float) (0.25 * Math.sin(1 + i));
            }
            try (var array = stage.engine().of(values, parameter.spec().shape())) {
                stage.engine().copyInPlace(adapter.array(parameter), array);
            }
        }
        return adapter;
    }
}
