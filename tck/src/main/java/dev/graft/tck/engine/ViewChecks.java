package dev.graft.tck.engine;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Reduction;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.engine.Unary;
import dev.graft.tck.bench.Doubles;
import dev.graft.tck.rule.Expect;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Arrays whose elements do not lie one behind the other. */
final class ViewChecks {
    private static final double ROUNDING = 1e-12;

    private ViewChecks() {}

    static void views(EngineTrial trial) {
        Engine engine = trial.engine();
        trial.each("views", random -> {
            Shape shape = Shape.of(1L + random.nextInt(4), 1L + random.nextInt(4), 1L + random.nextInt(4));
            Dense x = Dense.random(shape, random);
            try (Array plain = x.inOnePiece(engine);
                    Array cut = x.cut(engine);
                    Array turned = x.turned(engine)) {
                functions(engine, shape).forEach((name, function) -> {
                    double[] expected = computed(engine, function, plain);
                    same(expected, computed(engine, function, cut), name + " of a part of an array of " + shape);
                    same(expected, computed(engine, function, turned), name + " of a turned array of " + shape);
                });
            }
        });
    }

    private static Map<String, UnaryOperator<Array>> functions(Engine engine, Shape shape) {
        Map<String, UnaryOperator<Array>> functions = new LinkedHashMap<>();
        functions.put("copy", engine::copy);
        functions.put("unary", x -> engine.unary(Unary.TANH, x));
        functions.put("binary", x -> engine.binary(Binary.MUL, x, x));
        functions.put("reduce", x -> engine.reduce(Reduction.SUM, x, new int[] {1}, false));
        functions.put("softmax", x -> engine.softmax(x, 2));
        functions.put("reshape", x -> engine.reshape(x, Shape.of(shape.elements())));
        functions.put("matmul", x -> engine.matmul(x, x, false, true));
        functions.put("cumulativeSum", x -> engine.cumulativeSum(x, 0));
        return functions;
    }

    private static double[] computed(Engine engine, UnaryOperator<Array> function, Array x) {
        try (Array made = function.apply(x)) {
            return Doubles.of(engine, made);
        }
    }

    private static void same(double[] expected, double[] found, String what) {
        boolean same = expected.length == found.length;
        for (int i = 0; same && i < found.length; i++) {
            same = Math.abs(expected[i] - found[i]) <= ROUNDING;
        }
        Expect.that(
                same, what + " is " + Arrays.toString(found) + " where " + Arrays.toString(expected) + " was expected");
    }
}
