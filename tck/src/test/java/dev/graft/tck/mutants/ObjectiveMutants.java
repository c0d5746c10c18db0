package dev.graft.tck.mutants;

import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.model.Input;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.EncodeContext;
import dev.graft.spi.objective.Evaluator;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Experience;
import dev.graft.spi.objective.Labeller;
import dev.graft.spi.objective.Loss;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.ObjectiveProvider;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Tensor;
import dev.graft.tck.bench.TinyModel;
import dev.graft.tck.mutants.Twisted.Twist;
import dev.graft.tck.objective.ObjectiveDeclaration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Shipped objectives with one thing broken, by the number of the rule that has to find it. */
final class ObjectiveMutants {
    /**
     * A broken objective.
     *
     * @param id of the honest one
     * @param model what it is tried on
     * @param keys its configuration
     * @param method which of its methods is broken
     * @param twist what that does instead
     */
    record Mutant(String id, TinyModel model, Map<String, Object> keys, String method, Twist twist) {
        /** The honest objective behind it. */
        ObjectiveProvider<?> honest(PluginRegistry registry) {
            return (ObjectiveProvider<?>)
                    registry.plugin(PluginKind.OBJECTIVE, id).provider();
        }

        /** The broken objective. */
        ObjectiveProvider<?> broken(PluginRegistry registry) {
            return Twisted.of(
                    ObjectiveProvider.class,
                    honest(registry),
                    "create",
                    (a, real) -> Twisted.of(Objective.class, (Objective) real.call(a), method, twist));
        }

        /** What both are tried with. */
        ObjectiveDeclaration declaration() {
            return new ObjectiveDeclaration(List.of(), id.equals("ppo") ? List.of("cut-evaluation") : List.of())
                    .on(model, keys);
        }
    }

    private static final Map<String, Object> ANSWERS = Map.of("response_length", 4, "rollout_size", 4);

    private ObjectiveMutants() {}

    static Map<String, Mutant> all() {
        Map<String, Mutant> mutants = new LinkedHashMap<>();
        AtomicInteger counter = new AtomicInteger();
        mutants.put("13.01", causal("encode", sequences(sequence -> longer(sequence, counter.incrementAndGet() % 20))));
        mutants.put("13.02", causal("encode", (a, real) -> {
            Object text = ((DataRecord) a[0]).fields().get("completion");
            if (text == null) {
                throw new NullPointerException("completion");
            }
            return real.call(a);
        }));
        mutants.put("13.03", causal("encode", (a, real) -> {
            long limit = ((EncodeContext) a[1]).maxLength();
            return sequences(sequence -> sequence.length() <= limit ? sequence : first(sequence, (int) limit + 1))
                    .instead(a, real);
        }));
        mutants.put("13.04", causal("encode", sequences(sequence -> longer(sequence, TinyModel.VOCABULARY))));
        mutants.put("13.05", masked("draw", (a, real) -> {
            Sequence sequence = ((Example) a[0]).sequences().get(0);
            sequence.ids()[0] = 7;
            return real.call(a);
        }));
        mutants.put("13.06", causal("prepare", (a, real) -> {
            List<Object> records = new ArrayList<>((List<?>) a[0]);
            records.remove(counter.incrementAndGet() % records.size());
            return records;
        }));
        mutants.put("13.07", loss(loss -> new Loss(loss.sum(), 0, Map.of())));
        mutants.put(
                "13.08",
                loss(loss -> new Loss(loss.sum().mul(2).sub(loss.sum().detach()), loss.weight(), loss.metrics())));
        mutants.put("13.09", loss(loss -> new Loss(loss.sum().div(loss.weight()), 1, Map.of())));
        mutants.put("13.10", batchLoss("causal-lm", (batch, loss) -> {
            double factor = batch.labels().size(1);
            return new Loss(loss.sum().mul(factor), loss.weight() * factor, Map.of());
        }));
        mutants.put("13.11", batchLoss("dpo", (batch, loss) -> {
            double first = batch.examples().get(0).tokens();
            return new Loss(loss.sum().mul(first), loss.weight(), loss.metrics());
        }));
        mutants.put("13.12", causal("loss", (a, real) -> {
            Batch batch = (Batch) a[1];
            return real.call(a[0], new Batch(withoutSegments(batch.input()), batch.labels(), batch.examples()));
        }));
        mutants.put("13.13", causal("loss", (a, real) -> {
            Batch batch = (Batch) a[1];
            return real.call(a[0], new Batch(batch.input(), batch.input().ids(), batch.examples()));
        }));
        mutants.put(
                "13.14",
                loss(loss -> new Loss(loss.sum().detach().mul(2).sub(loss.sum()), loss.weight(), loss.metrics())));
        mutants.put("13.15", causal("loss", (a, real) -> {
            Breaking.leak(((Runner) a[0]).tensors());
            return real.call(a);
        }));
        Thread own = Thread.currentThread();
        mutants.put(
                "13.16",
                loss(loss -> Thread.currentThread() == own
                        ? loss
                        : new Loss(loss.sum().mul(2), loss.weight(), loss.metrics())));
        mutants.put("13.17", causal("sampledLoss", (a, real) -> real.call(a[0], a[1], RandomStream.seeded(1))));
        mutants.put(
                "13.18",
                new Mutant("dpo", TinyModel.DECODER, Map.of("precompute_ref_log_probs", true), "ahead", (a, real) -> {
                    List<Object> figures = new ArrayList<>();
                    for (Object row : (List<?>) real.call(a)) {
                        Map<Object, Object> changed = new HashMap<>((Map<?, ?>) row);
                        changed.replaceAll((name, figure) -> (Double) figure + 1);
                        figures.add(changed);
                    }
                    return figures;
                }));
        mutants.put(
                "13.19",
                ppo(
                        "attach",
                        (a, real) -> ((Optional<?>) real.call(a))
                                .map(adapter ->
                                        Twisted.of(Attachment.class, (Attachment) adapter, "state", (none, honest) -> {
                                            Map<Object, Object> doubled =
                                                    new LinkedHashMap<>((Map<?, ?>) honest.call(none));
                                            doubled.replaceAll((name, value) -> ((Tensor) value).mul(2));
                                            return doubled;
                                        }))));
        Evaluator[] shared = new Evaluator[1];
        mutants.put("13.20", causal("evaluator", (a, real) -> {
            shared[0] = shared[0] == null ? (Evaluator) real.call(a) : shared[0];
            return shared[0];
        }));
        mutants.put("13.21", evaluator((batches, figures) -> {
            figures.put("loss", figures.get("loss") * batches);
            return figures;
        }));
        mutants.put("13.22", evaluator((batches, figures) -> {
            if (batches == 0) {
                throw new NoSuchElementException("no batch");
            }
            return figures;
        }));
        mutants.put(
                "13.23",
                new Mutant(
                        "classification",
                        TinyModel.ENCODER_CLASSIFIER,
                        Map.of(),
                        "labeller",
                        (a, real) -> ((Optional<?>) real.call(a))
                                .map(labeller -> Twisted.of(
                                        Labeller.class,
                                        (Labeller) labeller,
                                        "probabilities",
                                        (b, honest) -> ((Tensor) honest.call(b)).log()))));
        mutants.put("13.24", ppo("rollOut", (a, real) -> {
            Experience honest = (Experience) real.call(a);
            Map<String, Double> figures = new LinkedHashMap<>(honest.figures());
            figures.put("score", figures.get("score") + counter.incrementAndGet());
            return new Experience(honest.examples(), figures, honest.answers());
        }));
        mutants.put("13.25", ppo("rollOut", (a, real) -> {
            Experience honest = (Experience) real.call(a);
            List<Example> bare = honest.examples().stream()
                    .map(example -> new Example(
                            List.of(Sequence.of(example.sequences().get(0).ids(), null)), Map.of()))
                    .toList();
            return new Experience(bare, honest.figures(), honest.answers());
        }));
        return mutants;
    }

    private static Mutant causal(String method, Twist twist) {
        return new Mutant("causal-lm", TinyModel.DECODER, Map.of(), method, twist);
    }

    private static Mutant masked(String method, Twist twist) {
        return new Mutant("masked-lm", TinyModel.ENCODER_MASKED, Map.of(), method, twist);
    }

    private static Mutant ppo(String method, Twist twist) {
        return new Mutant("ppo", TinyModel.DECODER, ANSWERS, method, twist);
    }

    private static Mutant loss(UnaryOperator<Loss> change) {
        return causal("loss", (a, real) -> change.apply((Loss) real.call(a)));
    }

    private interface Gathered {
        Map<String, Double> figures(int batches, Map<String, Double> honest);
    }

    private static Mutant evaluator(Gathered gathered) {
        return causal("evaluator", (a, real) -> {
            int[] batches = new int[1];
            Evaluator counting = Twisted.of(Evaluator.class, (Evaluator) real.call(a), "add", (b, add) -> {
                batches[0]++;
                return add.call(b);
            });
            return Twisted.of(Evaluator.class, counting, "figures", (none, figures) -> {
                Map<String, Double> honest = new LinkedHashMap<>();
                ((Map<?, ?>) figures.call(none)).forEach((name, figure) -> honest.put((String) name, (Double) figure));
                return gathered.figures(batches[0], honest);
            });
        });
    }

    private interface Changed {
        Loss loss(Batch batch, Loss loss);
    }

    private static Mutant batchLoss(String id, Changed changed) {
        return new Mutant(
                id, TinyModel.DECODER, Map.of(), "loss", (a, real) -> changed.loss((Batch) a[1], (Loss) real.call(a)));
    }

    private static Twist sequences(UnaryOperator<Sequence> change) {
        return (a, real) -> ((Optional<?>) real.call(a)).map(made -> {
            Example example = (Example) made;
            return example.with(example.sequences().stream().map(change).toList());
        });
    }

    private static Sequence longer(Sequence sequence, int token) {
        int[] ids = Arrays.copyOf(sequence.ids(), sequence.length() + 1);
        int[] labels = Arrays.copyOf(sequence.labels(), sequence.length() + 1);
        ids[sequence.length()] = token;
        labels[sequence.length()] = -100;
        return Sequence.of(ids, labels);
    }

    private static Sequence first(Sequence sequence, int length) {
        return Sequence.of(
                Arrays.copyOf(sequence.ids(), Math.min(length, sequence.length())),
                Arrays.copyOf(sequence.labels(), Math.min(length, sequence.length())));
    }

    private static Input withoutSegments(Input input) {
        return new Input(
                input.ids(),
                input.mask(),
                input.positions(),
                input.tokenTypes(),
                null,
                input.branches(),
                input.decoderIds(),
                input.decoderMask());
    }
}
