package dev.graft.tck.mutants;

import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Reduction;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.Model;
import dev.graft.spi.model.ModelContext;
import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.model.ModelProvider;
import dev.graft.spi.model.Output;
import dev.graft.spi.model.Task;
import dev.graft.spi.tensor.Tensor;
import dev.graft.tck.mutants.Twisted.Twist;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A model family with one thing broken, by the number of the rule that has to find it. */
final class ModelMutants {
    private static final List<Array> LOST = new ArrayList<>();

    private ModelMutants() {}

    static Map<String, UnaryOperator<ModelProvider>> all() {
        Map<String, UnaryOperator<ModelProvider>> mutants = new LinkedHashMap<>();
        AtomicInteger counter = new AtomicInteger();
        mutants.put("9.01", hidden(x -> x.add(x.reduce(Reduction.MEAN, true, 0).mul(0.1))));
        mutants.put("9.02", hidden(x -> x.add(x.reduce(Reduction.MEAN, true, 1).mul(0.1))));
        mutants.put("9.03", hidden(x -> x.mul(1 + 0.01 * x.size(1))));
        mutants.put("9.04", hidden(x -> x.add(x.reduce(Reduction.MEAN, true, 1).mul(0.1))));
        mutants.put("9.05", hidden(x -> x.mul(0)));
        mutants.put("9.06", model("sites", (a, real) -> {
            List<Object> sites = new ArrayList<>((List<?>) real.call(a));
            sites.add(0, sites.get(0));
            return sites;
        }));
        mutants.put("9.07", model("sites", (a, real) -> {
            List<Object> sites = new ArrayList<>((List<?>) real.call(a));
            Collections.reverse(sites);
            return sites;
        }));
        mutants.put("9.08", model("description", (a, real) -> {
            ModelDescription honest = (ModelDescription) real.call(a);
            return new ModelDescription(
                    honest.modelType(),
                    honest.architecture(),
                    honest.task(),
                    honest.layers() + 1,
                    honest.hidden(),
                    honest.heads(),
                    honest.keyHeads(),
                    honest.headSize(),
                    honest.vocabulary(),
                    honest.maxPositions(),
                    honest.labels(),
                    honest.padToken());
        }));
        mutants.put("9.09", hidden(x -> x.mul(1 + 1e-3 * counter.incrementAndGet())));
        mutants.put("9.10", ModelMutants::leaking);
        mutants.put(
                "9.11",
                provider -> Twisted.of(ModelProvider.class, provider, "create", (a, real) -> {
                    try {
                        return real.call(a);
                    } catch (ConfigurationException refused) {
                        throw new IllegalStateException("no such key", refused);
                    }
                }));
        mutants.put(
                "9.12",
                provider ->
                        Twisted.of(ModelProvider.class, provider, "task", (a, real) -> Optional.of(Task.TOKEN_CLS)));
        return mutants;
    }

    private static UnaryOperator<ModelProvider> model(String method, Twist twist) {
        return provider -> Twisted.of(
                ModelProvider.class,
                provider,
                "create",
                (a, real) -> Twisted.of(Model.class, (Model) real.call(a), method, twist));
    }

    private static UnaryOperator<ModelProvider> hidden(UnaryOperator<Tensor> change) {
        return model("forward", (a, real) -> {
            Output output = (Output) real.call(a);
            return new Output(
                    output.pass(),
                    change.apply(output.hidden()),
                    output.beforeVocabulary(),
                    output.vocabulary(),
                    output.head());
        });
    }

    private static ModelProvider leaking(ModelProvider provider) {
        return Twisted.of(ModelProvider.class, provider, "create", (a, real) -> {
            GraftTensors tensors = (GraftTensors) ((ModelContext) a[0]).tensors();
            return Twisted.of(Model.class, (Model) real.call(a), "forward", (input, honest) -> {
                LOST.add(tensors.engine().full(Shape.of(1), DType.FLOAT32, 0));
                return honest.call(input);
            });
        });
    }

    /** Closes what a mutant lost on purpose. */
    static void sweep() {
        LOST.forEach(Array::close);
        LOST.clear();
    }
}
