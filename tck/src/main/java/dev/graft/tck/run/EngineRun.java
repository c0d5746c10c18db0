package dev.graft.tck.run;

import dev.graft.spi.engine.Engine;
import dev.graft.tck.Kit;
import dev.graft.tck.rule.Outcome;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Holds an engine to the rules about engines for a while, from one seed after the other.
 *
 * @param engine a running engine
 * @param seed the first seed
 * @param time how long; the last seed is finished
 */
public record EngineRun(Engine engine, long seed, Duration time) {
    private static final int ROUNDS = 20;

    /**
     * A seed that is done.
     *
     * @param seed the seed
     * @param calls calls of the engine until now
     * @param failures what disagreed at this seed
     */
    public record Seed(long seed, long calls, List<Outcome> failures) {}

    /**
     * What came of it.
     *
     * @param seeds every seed in order
     * @param calls calls of the engine by operation
     */
    public record Report(List<Seed> seeds, Map<String, Long> calls) {
        /** Calls of the engine. */
        public long total() {
            return calls.values().stream().mapToLong(Long::longValue).sum();
        }

        /** Whether nothing disagreed. */
        public boolean passed() {
            return seeds.stream().allMatch(seed -> seed.failures().isEmpty());
        }
    }

    /**
     * Runs until the time is over.
     *
     * @param each told each seed when it is done
     */
    public Report run(Consumer<Seed> each) {
        Map<String, LongAdder> calls = new ConcurrentHashMap<>();
        Engine counted = counted(calls);
        long end = System.nanoTime() + time.toNanos();
        List<Seed> seeds = new ArrayList<>();
        do {
            long next = seed + seeds.size();
            List<Outcome> failures = Kit.engine(counted, next, ROUNDS)
                    .outcomes(rule -> true)
                    .filter(outcome -> outcome.status() == Outcome.Status.FAILED)
                    .toList();
            long total = calls.values().stream().mapToLong(LongAdder::sum).sum();
            seeds.add(new Seed(next, total, failures));
            each.accept(seeds.get(seeds.size() - 1));
        } while (System.nanoTime() < end);
        Map<String, Long> sums = new TreeMap<>();
        calls.forEach((name, count) -> sums.put(name, count.sum()));
        return new Report(seeds, sums);
    }

    private Engine counted(Map<String, LongAdder> calls) {
        return (Engine) Proxy.newProxyInstance(
                Engine.class.getClassLoader(), new Class<?>[] {Engine.class}, (proxy, method, arguments) -> {
                    calls.computeIfAbsent(method.getName(), name -> new LongAdder())
                            .increment();
                    try {
                        return method.invoke(engine, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }
}
