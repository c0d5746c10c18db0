package dev.graft.tck.mutants;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.quantizer.Quantizer;
import dev.graft.spi.quantizer.Quantizer.Quantized;
import dev.graft.tck.bench.AbsMax;
import dev.graft.tck.mutants.Twisted.Twist;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** The kit's own quantizer with one thing broken, by the number of the rule that has to find it. */
final class QuantizerMutants {
    private static final List<Array> LOST = new ArrayList<>();

    private QuantizerMutants() {}

    /** The quantizer with nothing broken. */
    static Quantizer honest() {
        return new AbsMax().create(new AbsMax.Config(8));
    }

    static Map<String, Supplier<Quantizer>> all() {
        Map<String, Supplier<Quantizer>> mutants = new LinkedHashMap<>();
        AtomicInteger counter = new AtomicInteger();
        mutants.put(
                "11.01",
                () -> twisted("quantize", (a, real) -> {
                    Object made = real.call(a);
                    ((Engine) a[0]).scaleInPlace((Array) a[1], 2);
                    return made;
                }));
        mutants.put("11.02", () -> made((engine, made) -> new Quantized(made.shape(), DType.INT8, made.parts())));
        mutants.put("11.03", () -> twisted("dequantize", (a, real) -> real.call(a[0], a[1], DType.FLOAT32)));
        mutants.put("11.04", () -> values((engine, values) -> engine.binary(Binary.MUL, values, 1.01)));
        mutants.put("11.05", () -> values((engine, values) -> engine.binary(Binary.ADD, values, 1e-7)));
        mutants.put("11.06", () -> values((engine, values) -> engine.binary(Binary.MUL, values, 1 - 1e-4)));
        mutants.put(
                "11.07",
                () -> made((engine, made) -> {
                    engine.scaleInPlace(made.parts().get("scales"), 1 + 1e-5 * counter.incrementAndGet());
                    return made;
                }));
        mutants.put(
                "11.08",
                () -> made((engine, made) -> {
                    Map<String, Array> parts = new LinkedHashMap<>(made.parts());
                    parts.put("spare", engine.full(made.shape(), DType.FLOAT32, 0));
                    return new Quantized(made.shape(), made.dtype(), parts);
                }));
        mutants.put("11.09", () -> twisted("freeze", (a, real) -> real.call(a[0], a[1], !(Boolean) a[2])));
        mutants.put(
                "11.10",
                () -> twisted("quantize", (a, real) -> {
                    try {
                        return real.call(a);
                    } catch (ConfigurationException notFinite) {
                        Array weight = (Array) a[1];
                        try (Array zeros = ((Engine) a[0]).full(weight.shape(), weight.dtype(), 0)) {
                            return real.call(a[0], zeros);
                        }
                    }
                }));
        mutants.put(
                "11.11",
                () -> twisted("quantize", (a, real) -> {
                    if (((Array) a[1]).shape().elements() % 2 == 1) {
                        throw new IndexOutOfBoundsException("half a byte is left");
                    }
                    return real.call(a);
                }));
        mutants.put("11.12", QuantizerMutants::remembering);
        mutants.put(
                "11.13",
                () -> made((engine, made) -> {
                    LOST.add(engine.copy(made.parts().get("codes")));
                    return made;
                }));
        Thread own = Thread.currentThread();
        mutants.put(
                "11.14",
                () -> made((engine, made) -> {
                    engine.scaleInPlace(made.parts().get("scales"), Thread.currentThread() == own ? 1 : 2);
                    return made;
                }));
        return mutants;
    }

    /** Closes what a mutant lost on purpose. */
    static void sweep() {
        LOST.forEach(Array::close);
        LOST.clear();
    }

    private static Quantizer twisted(String method, Twist twist) {
        return Twisted.of(Quantizer.class, honest(), method, twist);
    }

    private interface Made {
        Quantized instead(Engine engine, Quantized made);
    }

    private static Quantizer made(Made instead) {
        return twisted("quantize", (a, real) -> instead.instead((Engine) a[0], (Quantized) real.call(a)));
    }

    private interface Values {
        Array instead(Engine engine, Array values);
    }

    private static Quantizer values(Values instead) {
        return twisted("dequantize", (a, real) -> {
            try (Array honest = (Array) real.call(a)) {
                return instead.instead((Engine) a[0], honest);
            }
        });
    }

    /** Keeps what it needs to know beside the parts. */
    private static Quantizer remembering() {
        Set<Object> known = Collections.newSetFromMap(new IdentityHashMap<>());
        Quantizer remembering = made((engine, made) -> {
            known.addAll(made.parts().values());
            return made;
        });
        return Twisted.of(Quantizer.class, remembering, "dequantize", (a, real) -> {
            boolean own = known.containsAll(((Quantized) a[1]).parts().values());
            try (Array honest = (Array) real.call(a)) {
                return ((Engine) a[0]).binary(Binary.MUL, honest, own ? 1 : 2);
            }
        });
    }
}
