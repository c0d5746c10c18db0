package dev.graft.tck.mutants;

import static dev.graft.tck.mutants.Breaking.attachment;
import static dev.graft.tck.mutants.Breaking.combine;
import static dev.graft.tck.mutants.Breaking.described;
import static dev.graft.tck.mutants.Breaking.format;
import static dev.graft.tck.mutants.Breaking.leak;
import static dev.graft.tck.mutants.Breaking.linear;
import static dev.graft.tck.mutants.Breaking.merge;
import static dev.graft.tck.mutants.Breaking.merged;
import static dev.graft.tck.mutants.Breaking.output;
import static dev.graft.tck.mutants.Breaking.patched;
import static dev.graft.tck.mutants.Breaking.provider;
import static dev.graft.tck.mutants.Breaking.renamed;
import static dev.graft.tck.mutants.Breaking.replaced;
import static dev.graft.tck.mutants.Breaking.spec;

import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Reduction;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.Combination;
import dev.graft.spi.method.LinearCombination;
import dev.graft.spi.method.LinearPatch;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.method.Patches;
import dev.graft.spi.method.Progress;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.Task;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import dev.graft.tck.method.Gain;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The kit's own method with one thing broken, by the number of the rule that has to find it. */
final class MethodMutants {
    private MethodMutants() {}

    static Map<String, Supplier<MethodProvider<?>>> all() {
        Map<String, Supplier<MethodProvider<?>>> mutants = new LinkedHashMap<>();
        attaching(mutants);
        learning(mutants);
        persisting(mutants);
        merging(mutants);
        serving(mutants);
        return mutants;
    }

    private static void attaching(Map<String, Supplier<MethodProvider<?>>> mutants) {
        mutants.put(
                "3.01",
                () -> provider("attach", (a, real) -> {
                    if (((ModelView) a[0]).description().task() == Task.SEQ_CLS) {
                        throw new IllegalStateException("no classifiers");
                    }
                    return real.call(a);
                }));
        mutants.put("3.02", () -> provider("attach", (a, real) -> real.call(a[0], new Gain.Config(1.5), a[2])));
        mutants.put("3.04", () -> provider("trainableParameters", (a, real) -> (long) real.call(a) + 1));
        AtomicInteger counter = new AtomicInteger();
        mutants.put("3.05", () -> spec((spec, context) -> renamed(spec, spec.name() + counter.incrementAndGet())));
        mutants.put(
                "3.06",
                () -> provider("attach", (a, real) -> {
                    leak((AttachContext) a[2]);
                    return real.call(a);
                }));
        mutants.put(
                "3.07",
                () -> spec((spec, context) -> new ParameterSpec(
                        spec.name(),
                        spec.shape(),
                        Initializer.constant(counter.incrementAndGet()),
                        spec.layer(),
                        spec.decay(),
                        spec.storage())));
        mutants.put(
                "3.08",
                () -> attachment("patches", (a, real) -> {
                    Patches patches = (Patches) real.call(a);
                    Map<String, LinearPatch> linear = new LinkedHashMap<>(patches.linear());
                    linear.put("nowhere", new LinearPatch() {});
                    return linear(patches, linear);
                }));
        mutants.put(
                "3.09",
                () -> spec((spec, context) -> new ParameterSpec(
                        spec.name(), spec.shape(), spec.initializer(), 99, spec.decay(), spec.storage())));
        mutants.put(
                "3.10",
                () -> attachment("parameters", (a, real) -> {
                    List<Object> parameters = new ArrayList<>((List<?>) real.call(a));
                    if (counter.incrementAndGet() % 2 == 0) {
                        Collections.reverse(parameters);
                    }
                    return parameters;
                }));
        mutants.put("3.11", () -> output((context, x, y, made) -> y));
        mutants.put("3.12", MethodMutants::remembering);
        mutants.put(
                "3.14", () -> output((context, x, y, made) -> made.dtype() == DType.FLOAT64 ? made.mul(1.5) : made));
        mutants.put(
                "3.13",
                () -> provider("attach", (a, real) -> {
                    Thread thread = new Thread(() -> {
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException stopped) {
                            Thread.currentThread().interrupt();
                        }
                    });
                    thread.setDaemon(true);
                    thread.start();
                    return real.call(a);
                }));
    }

    private static void learning(Map<String, Supplier<MethodProvider<?>>> mutants) {
        mutants.put(
                "4.01",
                () -> output((context, x, y, made) ->
                        made.detach().add(made.sub(made.detach()).mul(1.1))));
        mutants.put(
                "4.02",
                () -> provider("attach", (a, real) -> {
                    Parameter idle = ((AttachContext) a[2])
                            .parameter(ParameterSpec.of("idle", Shape.of(2), Initializer.constant(0), 0));
                    return Twisted.of(Attachment.class, (Attachment) real.call(a), "parameters", (none, own) -> {
                        List<Object> parameters = new ArrayList<>((List<?>) own.call(none));
                        parameters.add(idle);
                        return parameters;
                    });
                }));
        mutants.put("4.03", () -> output((context, x, y, made) -> made.detach().sub(made.sub(made.detach()))));
        AtomicInteger counter = new AtomicInteger();
        mutants.put(
                "4.04",
                () -> output((context, x, y, made) ->
                        context.training() ? made.mul(1 + 1e-3 * counter.incrementAndGet()) : made));
        mutants.put(
                "4.06",
                () -> output((context, x, y, made) -> {
                    if (context.training()) {
                        leak(context.tensors());
                    }
                    return made;
                }));
        mutants.put("4.07", () -> output((context, x, y, made) -> made.mul(1 + 1e-3 * counter.incrementAndGet())));
        mutants.put(
                "4.08",
                () -> output((context, x, y, made) ->
                        made.add(made.reduce(Reduction.MEAN, true, 1).mul(0.1))));
        mutants.put("4.09", MethodMutants::batchStatistics);
        mutants.put(
                "4.10",
                () -> output((context, x, y, made) ->
                        context.training() ? made : made.mul(1 + 1e-3 * counter.incrementAndGet())));
        mutants.put(
                "4.11",
                () -> provider("attach", (a, real) -> {
                    Attachment own = (Attachment) real.call(a);
                    Tensors tensors = ((AttachContext) a[2]).tensors();
                    return Twisted.of(Attachment.class, own, "stepped", (progress, none) -> {
                        if (((Progress) progress[0]).step() == 30) {
                            Parameter first = own.parameters().get(0);
                            try (var scope = tensors.scope()) {
                                first.set(tensors.full(first.spec().shape(), DType.FLOAT32, Double.NaN));
                            }
                        }
                        return null;
                    });
                }));
    }

    private static void persisting(Map<String, Supplier<MethodProvider<?>>> mutants) {
        AtomicInteger counter = new AtomicInteger();
        mutants.put(
                "5.01",
                () -> provider(
                        "attach",
                        (a, real) -> ((AttachContext) a[2]).loading()
                                ? patched((Attachment) real.call(a), (context, x, y, made) -> made.mul(1.01))
                                : real.call(a)));
        mutants.put("5.02", () -> described("task_type", file -> "task " + counter.incrementAndGet()));
        mutants.put(
                "5.03",
                () -> provider("attach", (a, real) -> {
                    AtomicInteger steps = new AtomicInteger();
                    Attachment own = patched(
                            (Attachment) real.call(a),
                            (context, x, y, made) -> context.training() ? made.mul(1 + 0.01 * steps.get()) : made);
                    return Twisted.of(Attachment.class, own, "stepped", (progress, none) -> {
                        steps.incrementAndGet();
                        return null;
                    });
                }));
        mutants.put(
                "5.04",
                () -> provider("attach", (a, real) -> {
                    LinearSite site = ((ModelView) a[0]).linears().findFirst().orElseThrow();
                    return Twisted.of(Attachment.class, (Attachment) real.call(a), "state", (none, own) -> {
                        Map<Object, Object> state = new LinkedHashMap<>((Map<?, ?>) own.call(none));
                        state.put("base_model.model.copy", site.weight().tensor());
                        return state;
                    });
                }));
        mutants.put("5.05", () -> format("recognises", (a, real) -> true));
        mutants.put("5.13", () -> format("recognises", (a, real) -> false));
        mutants.put("5.06", () -> format("read", (a, real) -> Map.of("begin", 99L)));
        mutants.put(
                "5.08",
                () -> spec((spec, context) -> context.loading() && !context.stored(spec.name())
                        ? spec.in(ParameterSpec.Storage.OPTIONAL)
                        : spec));
        mutants.put(
                "5.09",
                () -> spec((spec, context) -> context.stored(spec.name())
                        ? ParameterSpec.of(
                                spec.name(), context.read(spec.name()).shape(), spec.initializer(), spec.layer())
                        : spec));
        mutants.put(
                "5.10",
                () -> provider("attach", (a, real) -> {
                    ((AttachContext) a[2]).ignore("tck.foreign.tensor");
                    return real.call(a);
                }));
        mutants.put(
                "5.11",
                () -> format("read", (a, real) -> {
                    String task = (String) ((Map<?, ?>) a[0]).get("task_type");
                    return task.isEmpty() ? Map.of() : real.call(a);
                }));
        mutants.put("5.12", () -> described("task_type", file -> Task.CAUSAL_LM));
    }

    private static void merging(Map<String, Supplier<MethodProvider<?>>> mutants) {
        AtomicInteger counter = new AtomicInteger();
        mutants.put(
                "6.01", () -> merge((name, change) -> base -> change.apply(base).mul(1.01)));
        mutants.put(
                "6.02",
                () -> provider("attach", (a, real) -> {
                    Attachment own = (Attachment) real.call(a);
                    Tensors tensors = ((AttachContext) a[2]).tensors();
                    return Twisted.of(Attachment.class, own, "merge", (none, honest) -> {
                        Parameter first = own.parameters().get(0);
                        try (var scope = tensors.scope()) {
                            first.set(tensors.full(first.spec().shape(), DType.FLOAT32, 7));
                        }
                        return honest.call(none);
                    });
                }));
        mutants.put(
                "6.03",
                () -> attachment("merge", (a, real) -> {
                    Map<Object, Object> merge = new LinkedHashMap<>((Map<?, ?>) real.call(a));
                    merge.put("nowhere.weight", UnaryOperator.<Tensor>identity());
                    return merge;
                }));
        mutants.put(
                "6.04", () -> merge((name, change) -> base -> change.apply(base).mul(counter.incrementAndGet())));
        mutants.put(
                "6.05", () -> merge((name, change) -> base -> change.apply(base).cast(DType.FLOAT64)));
        mutants.put(
                "6.06",
                () -> provider("attach", (a, real) -> {
                    ModelView model = (ModelView) a[0];
                    return merged(
                            (Attachment) real.call(a),
                            (name, change) -> base -> change.apply(model.linears()
                                    .filter(site -> name.equals(site.name() + ".weight"))
                                    .findFirst()
                                    .orElseThrow()
                                    .weight()
                                    .tensor()));
                }));
        mutants.put(
                "7.01",
                () -> provider("attach", (a, real) -> {
                    ModelView model = (ModelView) a[0];
                    Attachment own = (Attachment) real.call(a);
                    Map<String, LinearPatch> linear = new LinkedHashMap<>();
                    own.patches().linear().forEach((name, patch) -> {
                        Tensor weight = model.site(name, LinearSite.class)
                                .orElseThrow()
                                .weight()
                                .tensor();
                        Tensor kept = ((AttachContext) a[2]).retain(weight);
                        linear.put(name, new LinearPatch() {
                            @Override
                            public Tensor output(PatchContext context, Tensor x, Tensor y) {
                                return patch.output(context, x, x.linear(kept, null));
                            }
                        });
                    });
                    Patches patches = linear(own.patches(), linear);
                    return Twisted.of(Attachment.class, own, "patches", (none, honest) -> patches);
                }));
        mutants.put(
                "7.03",
                () -> combine((combination, result) -> {
                    Map<String, Tensor> half = new LinkedHashMap<>();
                    result.state().forEach((name, tensor) -> half.put(name, tensor.mul(0.5)));
                    return new Combination.Result<>(new Gain.Config(1), half);
                }));
        mutants.put(
                "7.04",
                () -> combine((combination, result) -> LinearCombination.sum(
                        "broken-gain", new Combination<>(combination.parts(), LinearCombination.NAME, Map.of()))));
    }

    private static void serving(Map<String, Supplier<MethodProvider<?>>> mutants) {
        mutants.put("8.01", MethodMutants::batchStatistics);
        mutants.put("8.02", MethodMutants::lengthStatistics);
        mutants.put("8.03", MethodMutants::lengthStatistics);
        mutants.put("8.04", MethodMutants::lengthStatistics);
        mutants.put("8.05", MethodMutants::bleeding);
        mutants.put("8.06", () -> {
            AtomicReference<Attachment> first = new AtomicReference<>();
            return provider("attach", (a, real) -> {
                Attachment own = (Attachment) real.call(a);
                first.compareAndSet(null, own);
                Patches shared = first.get().patches();
                return Twisted.of(Attachment.class, own, "patches", (none, honest) -> shared);
            });
        });
        mutants.put(
                "8.07",
                () -> provider("attach", (a, real) -> {
                    if (((AttachContext) a[2]).loading()) {
                        leak((AttachContext) a[2]);
                    }
                    return real.call(a);
                }));
        mutants.put(
                "8.08",
                () -> output((context, x, y, made) -> {
                    leak(context.tensors());
                    return made;
                }));
        mutants.put("8.09", MethodMutants::batchStatistics);
        mutants.put("8.10", MethodMutants::countingDepth);
    }

    /** Counts how many layers it is in, and takes that for 1 where the layer was left as it was entered. */
    private static MethodProvider<?> countingDepth() {
        AtomicInteger depth = new AtomicInteger();
        return provider(
                "attach",
                (a, real) -> replaced((Attachment) real.call(a), patch -> new LinearPatch() {
                    @Override
                    public boolean changesInput() {
                        return true;
                    }

                    @Override
                    public Tensor input(PatchContext context, Tensor x) {
                        depth.incrementAndGet();
                        return patch.input(context, x);
                    }

                    @Override
                    public Tensor output(PatchContext context, Tensor x, Tensor y) {
                        return patch.output(context, x, y).mul(depth.getAndDecrement());
                    }
                }));
    }

    private static MethodProvider<?> batchStatistics() {
        return output((context, x, y, made) ->
                made.add(made.reduce(Reduction.MEAN, true, 0).mul(0.1)));
    }

    private static MethodProvider<?> lengthStatistics() {
        return output((context, x, y, made) -> made.mul(1 + 0.01 * x.size(1)));
    }

    /** Computes with the values that parameters had in the first pass. */
    private static MethodProvider<?> remembering() {
        return provider("attach", (a, real) -> {
            Attachment own = (Attachment) real.call(a);
            Map<String, LinearPatch> linear = new LinkedHashMap<>();
            int next = 0;
            for (String name : own.patches().linear().keySet()) {
                Parameter parameter = own.parameters().get(next++);
                AtomicReference<float[]> first = new AtomicReference<>();
                linear.put(name, new LinearPatch() {
                    @Override
                    public Tensor output(PatchContext context, Tensor x, Tensor y) {
                        first.compareAndSet(null, parameter.tensor().floats());
                        return y.mul(context.tensors().of(new float[] {first.get()[0]}, Shape.of(1)));
                    }
                });
            }
            Patches patches = linear(own.patches(), linear);
            return Twisted.of(Attachment.class, own, "patches", (none, honest) -> patches);
        });
    }

    /** Leaves what it is about to compute with in a place that all threads share. */
    private static MethodProvider<?> bleeding() {
        AtomicReference<Double> shared = new AtomicReference<>();
        return provider("attach", (a, real) -> {
            Attachment own = (Attachment) real.call(a);
            return patched(own, (context, x, y, made) -> {
                shared.set((double) own.parameters().get(0).tensor().floats()[0]);
                try {
                    Thread.sleep(1);
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
                return made.mul(shared.get());
            });
        });
    }
}
