package dev.graft.tck.mutants;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.optimizer.Optimizer;
import dev.graft.tck.bench.Adam;
import dev.graft.tck.mutants.Twisted.Twist;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The kit's own optimizer with one thing broken, by the number of the rule that has to find it. */
final class OptimizerMutants {
    private static final List<Optimizer> OPEN = new ArrayList<>();

    private OptimizerMutants() {}

    static Map<String, Supplier<Optimizer>> all() {
        Map<String, Supplier<Optimizer>> mutants = new LinkedHashMap<>();
        AtomicInteger counter = new AtomicInteger();
        mutants.put("12.01", () -> updating(update -> rate(update, -update.learningRate())));
        mutants.put("12.02", () -> twisted("counters", (a, real) -> Map.of()));
        mutants.put("12.03", () -> after((engine, update) -> engine.scaleInPlace(update.gradient(), 2)));
        mutants.put("12.04", OptimizerMutants::countingForAll);
        mutants.put("12.05", () -> {
            Adam own = new Adam();
            OPEN.add(own);
            return Twisted.of(Optimizer.class, own, "close", (a, real) -> null);
        });
        mutants.put(
                "12.06",
                () -> updating(update -> new Optimizer.Update(
                        "same", update.value(), update.gradient(), update.learningRate(), update.decay())));
        mutants.put(
                "12.07",
                () -> updating(update -> rate(update, update.learningRate() * (1 + 1e-3 * counter.incrementAndGet()))));
        mutants.put("12.08", () -> updating(update -> rate(update, update.learningRate() + 1e-3)));
        mutants.put(
                "12.09",
                () -> after((engine, update) -> engine.scaleInPlace(update.value(), 1 - 0.1 * update.learningRate())));
        return mutants;
    }

    /** Closes what a mutant did not. */
    static void sweep() {
        OPEN.forEach(Optimizer::close);
        OPEN.clear();
    }

    private static Optimizer twisted(String method, Twist twist) {
        return Twisted.of(Optimizer.class, new Adam(), method, twist);
    }

    private static Optimizer.Update rate(Optimizer.Update update, double rate) {
        return new Optimizer.Update(update.name(), update.value(), update.gradient(), rate, update.decay());
    }

    private static List<Optimizer.Update> updates(Object[] arguments) {
        List<Optimizer.Update> updates = new ArrayList<>();
        ((List<?>) arguments[1]).forEach(update -> updates.add((Optimizer.Update) update));
        return updates;
    }

    private static Optimizer updating(UnaryOperator<Optimizer.Update> change) {
        return twisted(
                "step",
                (a, real) -> real.call(a[0], updates(a).stream().map(change).toList()));
    }

    private interface After {
        void change(Engine engine, Optimizer.Update update);
    }

    private static Optimizer after(After after) {
        return twisted("step", (a, real) -> {
            real.call(a);
            updates(a).forEach(update -> after.change((Engine) a[0], update));
            return null;
        });
    }

    /** Counts steps of all parameters together. */
    private static Optimizer countingForAll() {
        Adam own = new Adam();
        AtomicInteger steps = new AtomicInteger();
        return Twisted.of(Optimizer.class, own, "step", (a, real) -> {
            Map<String, Array> copies = new HashMap<>();
            own.state().forEach((name, array) -> copies.put(name, ((Engine) a[0]).copy(array)));
            Map<String, Long> counters = new HashMap<>(own.counters());
            counters.replaceAll((name, count) -> (long) steps.get());
            own.restore(copies, counters);
            steps.incrementAndGet();
            return real.call(a);
        });
    }
}
