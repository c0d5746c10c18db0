package dev.graft.tck.quantizer;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.FrozenMatrix;
import dev.graft.spi.engine.Shape;
import dev.graft.tck.bench.Doubles;
import dev.graft.tck.rule.Expect;

/** Products with quantised weights, and their memory. */
final class FrozenChecks {
    private static final int ROWS = 5;

    private FrozenChecks() {}

    static void multiplies(QuantizerTrial trial) {
        for (DType stored : QuantizerChecks.STORED) {
            for (boolean inputMajor : new boolean[] {false, true}) {
                product(trial, stored, inputMajor);
            }
        }
    }

    private static void product(QuantizerTrial trial, DType stored, boolean inputMajor) {
        Engine engine = trial.engine();
        QuantizerChecks.quantised(trial, stored, (quantizer, made, original) -> {
            long inputs = original.shape().size(inputMajor ? 0 : 1);
            long outputs = original.shape().size(inputMajor ? 1 : 0);
            String what = "a frozen weight of type " + stored + (inputMajor ? ", input first," : "");
            try (FrozenMatrix frozen = quantizer.freeze(engine, made, inputMajor);
                    Array values = quantizer.dequantize(engine, made, DType.FLOAT32);
                    Array x = engine.normal(Shape.of(ROWS, inputs), DType.FLOAT32, 3);
                    Array g = engine.normal(Shape.of(ROWS, outputs), DType.FLOAT32, 4)) {
                Expect.equal(frozen.inputs(), inputs, "the inputs of " + what);
                Expect.equal(frozen.outputs(), outputs, "the outputs of " + what);
                // a weight held in a narrower type is multiplied in that, or in the input's
                double tolerance = stored == DType.FLOAT32 ? 1e-5 : 2e-2;
                try (Array found = engine.linear(x, frozen, null);
                        Array expected = engine.matmul(x, values, false, !inputMajor)) {
                    close(engine, found, expected, tolerance, "the product with " + what);
                }
                try (Array found = engine.linearInputGradient(g, frozen);
                        Array expected = engine.matmul(g, values, false, inputMajor)) {
                    close(engine, found, expected, tolerance, "the input gradient of " + what);
                }
            }
        });
    }

    /** Two products agree, relative to the largest number of the expected one. */
    private static void close(Engine engine, Array found, Array expected, double tolerance, String what) {
        Expect.equal(found.shape(), expected.shape(), "the shape of " + what);
        double[] numbers = Doubles.of(engine, expected);
        double[] others = Doubles.of(engine, found);
        double largest = Math.abs(numbers[Doubles.steepest(numbers)]);
        for (int i = 0; i < numbers.length; i++) {
            Expect.that(
                    Math.abs(others[i] - numbers[i]) <= tolerance * largest,
                    what + ": element " + i + " is " + others[i] + " where " + numbers[i] + " was expected");
        }
    }

    static void leavesNothing(QuantizerTrial trial) {
        Engine engine = trial.engine();
        long none = engine.liveArrays();
        QuantizerChecks.quantised(trial, DType.BFLOAT16, (quantizer, made, original) -> {
            long before = none + 1 + made.parts().size();
            Expect.equal(engine.liveArrays(), before, "arrays alive beside a weight and its parts");
            quantizer.dequantize(engine, made, DType.FLOAT32).close();
            Expect.equal(engine.liveArrays(), before, "arrays alive after what was dequantised was closed");
            quantizer.freeze(engine, made, false).close();
            Expect.equal(engine.liveArrays(), before, "arrays alive after a frozen weight was closed");
            made.parts().forEach((name, part) -> Expect.that(!part.isClosed(), "part " + name + " was closed"));
        });
        Expect.equal(engine.liveArrays(), none, "arrays alive after the parts of a weight were closed");
    }
}
