package dev.graft.tck.mutants;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Attention;
import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Losses;
import dev.graft.spi.engine.Normalization;
import dev.graft.spi.engine.Shape;
import dev.graft.tck.mutants.Twisted.Twist;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** An engine of which one operation is a little wrong, by the number of the rule that has to find it. */
final class EngineMutants {
    private static final double LITTLE = 1e-3;

    private EngineMutants() {}

    static Map<String, UnaryOperator<Engine>> all() {
        Map<String, UnaryOperator<Engine>> mutants = new LinkedHashMap<>();
        mutants.put(
                "10.01", engine -> twisted(engine, "wrap", (a, real) -> engine.full((Shape) a[1], (DType) a[2], 1)));
        mutants.put("10.02", engine -> aLittleWrong(engine, "unary"));
        mutants.put("10.03", engine -> aLittleWrong(engine, "unaryBackward"));
        mutants.put("10.04", engine -> aLittleWrong(engine, "binary"));
        mutants.put(
                "10.05",
                engine -> twisted(engine, "binary", (a, real) -> {
                    if (a[0] != Binary.MAX || !(a[2] instanceof Array b)) {
                        return real.call(a);
                    }
                    try (Array greater = engine.binary(Binary.GT, (Array) a[1], b)) {
                        return engine.where(greater, (Array) a[1], b);
                    }
                }));
        mutants.put("10.06", engine -> aLittleWrong(engine, "reduce"));
        mutants.put("10.07", engine -> aLittleWrong(engine, "softmax"));
        mutants.put(
                "10.08",
                engine -> twisted(engine, "cast", (a, real) -> {
                    Array cast = (Array) real.call(a);
                    if (cast.dtype() == DType.FLOAT16) {
                        engine.addInPlace(cast, cast, 1);
                    }
                    return cast;
                }));
        mutants.put(
                "10.09",
                engine -> twisted(engine, "slice", (a, real) -> {
                    long extent = ((Array) a[0]).shape().size((int) a[1]);
                    long by = (long) a[2] > 0 ? -1 : (long) a[3] < extent ? 1 : 0;
                    return real.call(a[0], a[1], (long) a[2] + by, (long) a[3] + by);
                }));
        mutants.put("10.10", engine -> twice(engine, "selectAddInPlace"));
        mutants.put("10.11", engine -> twisted(engine, "liveArrays", (a, real) -> 0L));
        mutants.put(
                "10.12", engine -> twisted(engine, "uniform", (a, real) -> real.call(a[0], a[1], System.nanoTime())));
        mutants.put("10.13", engine -> twice(engine, "scaleInPlace"));
        mutants.put("10.14", engine -> aLittleWrong(engine, "matmul"));
        mutants.put("10.15", engine -> aLittleWrong(engine, "linearInputGradient"));
        mutants.put(
                "10.16",
                engine -> twisted(engine, "rmsNorm", (a, real) -> {
                    Normalization.Normalized made = (Normalization.Normalized) real.call(a);
                    engine.scaleInPlace(made.output(), 1 + LITTLE);
                    return made;
                }));
        mutants.put(
                "10.17",
                engine -> twisted(engine, "attention", (a, real) -> {
                    Attention.Rules rules = (Attention.Rules) a[3];
                    return real.call(
                            a[0], a[1], a[2], new Attention.Rules(rules.scale(), rules.causal(), null, null), a[4]);
                }));
        mutants.put("10.18", engine -> twisted(engine, "rotary", (a, real) -> real.call(a[0], a[1], a[2], false)));
        mutants.put(
                "10.19",
                engine -> twisted(engine, "crossEntropy", (a, real) -> {
                    Losses.CrossEntropy made = (Losses.CrossEntropy) real.call(a);
                    try (Array one =
                            engine.full(made.losses().shape(), made.losses().dtype(), 1)) {
                        engine.addInPlace(made.losses(), one, LITTLE);
                    }
                    return made;
                }));
        mutants.put("10.20", engine -> twice(engine, "adamW"));
        mutants.put(
                "10.21",
                engine -> twisted(engine, "matmul", (a, real) -> {
                    Array made = (Array) real.call(a);
                    engine.scaleInPlace(
                            made, 1 + LITTLE * Thread.currentThread().getId());
                    return made;
                }));
        gradients(mutants);
        return mutants;
    }

    private static void gradients(Map<String, UnaryOperator<Engine>> mutants) {
        mutants.put(
                "10.22",
                engine -> twisted(engine, "layerNormBackward", (a, real) -> {
                    Normalization.Gradients made = (Normalization.Gradients) real.call(a);
                    engine.scaleInPlace(made.input(), 1 + LITTLE);
                    return made;
                }));
        mutants.put(
                "10.23",
                engine -> twisted(engine, "attentionBackward", (a, real) -> {
                    Attention.AttentionGradients made = (Attention.AttentionGradients) real.call(a);
                    engine.scaleInPlace(made.key(), 1 + LITTLE);
                    return made;
                }));
        mutants.put("10.24", engine -> aLittleWrong(engine, "linearCrossEntropyBackward"));
        mutants.put("10.25", engine -> aLittleWrong(engine, "logSoftmaxBackward"));
        mutants.put(
                "10.26",
                engine -> twisted(engine, "gatedSiluBackward", (a, real) -> {
                    Array[] made = (Array[]) real.call(a);
                    return new Array[] {made[1], made[0]};
                }));
        mutants.put("10.27", engine -> twisted(engine, "where", (a, real) -> real.call(a[0], a[2], a[1])));
        mutants.put(
                "10.28",
                engine -> twisted(
                        engine,
                        "matmulInPlace",
                        (a, real) ->
                                real.call(a[0], a[1], a[2], a[3], a[4], a[5], (Double) a[6] == 0 ? LITTLE : a[6])));
        mutants.put(
                "10.29",
                engine -> twisted(engine, "svd", (a, real) -> {
                    Array[] made = (Array[]) real.call(a);
                    engine.scaleInPlace(made[0], 2);
                    engine.scaleInPlace(made[1], 0.5);
                    return made;
                }));
    }

    private static Engine twisted(Engine engine, String method, Twist twist) {
        return Twisted.of(Engine.class, engine, method, twist);
    }

    private static Engine aLittleWrong(Engine engine, String method) {
        return twisted(engine, method, (a, real) -> {
            Array made = (Array) real.call(a);
            if (made.dtype().isFloating()) {
                try (Array one = engine.full(made.shape(), made.dtype(), 1)) {
                    engine.addInPlace(made, one, LITTLE);
                }
            }
            return made;
        });
    }

    private static Engine twice(Engine engine, String method) {
        return twisted(engine, method, (a, real) -> {
            real.call(a);
            return real.call(a);
        });
    }
}
