package dev.graft.tck.mutants;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.config.Key;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.optimizer.Optimizer;
import dev.graft.spi.optimizer.OptimizerProvider;
import dev.graft.spi.plugin.Documentation;
import dev.graft.spi.plugin.Provider;
import dev.graft.tck.bench.Adam;
import dev.graft.tck.method.Gain;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Providers with one thing broken, by the number of the rule that has to find it. */
final class ConfigurationMutants {
    private ConfigurationMutants() {}

    record Silent(@Key("x") int steps) {}

    record OutOfBounds(
            @Key(value = "A number of steps", defaultsTo = "5", max = 1)
            int steps) {}

    record Nameless(@Key("A number of steps") Integer steps) {
        Nameless {
            if (steps == null) {
                throw new ConfigurationException("something is missing");
            }
        }
    }

    record Dividing(
            @Key(value = "A number of steps", defaultsTo = "1")
            long steps) {
        Dividing {
            if (1 / steps > 1) {
                throw new ConfigurationException("too many");
            }
        }
    }

    record Growing(
            @Key(value = "A number of steps", defaultsTo = "1")
            int steps) {
        Growing {
            steps++;
        }
    }

    record Unequal(
            @Key(value = "A number of steps", defaultsTo = "1")
            int steps) {
        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** An optimizer's provider with a configuration. */
    record Offering<C extends Record>(String id, String version, String summary, Class<C> configuration)
            implements OptimizerProvider<C> {
        @Override
        public Optimizer create(C given) {
            return new Adam();
        }
    }

    static Map<String, Provider<?>> all() {
        Map<String, Provider<?>> mutants = new LinkedHashMap<>();
        mutants.put("2.01", new Offering<>("Bad_Id", "1", "an id with a capital", Unequal.class));
        mutants.put("2.02", new Offering<>("broken", "latest", "a version without numbers", Unequal.class));
        mutants.put("2.03", offering(Silent.class));
        mutants.put("2.04", offering(OutOfBounds.class));
        mutants.put("2.05", offering(Nameless.class));
        mutants.put("2.07", offering(Dividing.class));
        mutants.put("2.08", offering(Growing.class));
        mutants.put("2.09", new Offering<>("broken", "1", "two\nlines", Unequal.class));
        AtomicInteger counter = new AtomicInteger();
        mutants.put(
                "2.10",
                Twisted.of(
                        OptimizerProvider.class,
                        offering(Unequal.class),
                        "summary",
                        (a, real) -> "asked " + counter.incrementAndGet() + " times"));
        mutants.put(
                "2.11",
                Twisted.of(
                        MethodProvider.class,
                        new Gain(),
                        "documentation",
                        (a, real) -> new Documentation("an idea", "y = x", " ", "never", "none", "nowhere")));
        mutants.put("2.12", offering(Unequal.class));
        return mutants;
    }

    private static <C extends Record> Offering<C> offering(Class<C> configuration) {
        return new Offering<>("broken", "1", "a provider with something broken", configuration);
    }
}
