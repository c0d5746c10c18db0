package dev.graft.tck.mutants;

import dev.graft.spi.format.RecipeFormat;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.LinearPatch;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.method.Patches;
import dev.graft.spi.plugin.Documentation;
import dev.graft.spi.tensor.Tensor;
import dev.graft.tck.method.Gain;
import dev.graft.tck.mutants.JarMutants.Parts;
import dev.graft.tck.mutants.JarMutants.Quiet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Jars that go wrong in a host, by the number of the rule that has to find it. */
final class HostMutants {
    /** The property by which mutants know that a later one has come. */
    static final String EPOCH = "graft.tck.epoch";

    private static final int WAKES_AFTER = 3000;

    private HostMutants() {}

    /** A provider that tells who loaded it. */
    public static final class Chameleon extends Quiet {
        @Override
        public String summary() {
            return "loaded by a " + getClass().getClassLoader().getClass().getSimpleName();
        }
    }

    /** A provider that can be made once only. */
    public static final class Single extends Quiet {
        private static final AtomicBoolean MADE = new AtomicBoolean();

        /** Is made. */
        public Single() {
            if (MADE.getAndSet(true)) {
                throw new IllegalStateException("made twice");
            }
        }
    }

    /** A provider that says something else as soon as a later one has come. */
    public static final class Dated extends Quiet {
        private final int own = Integer.getInteger(EPOCH, 0) + 1;

        /** Supersedes whoever came before. */
        public Dated() {
            System.setProperty(EPOCH, String.valueOf(own));
        }

        @Override
        public String summary() {
            return own == Integer.getInteger(EPOCH, 0) ? "the newest" : "an old one";
        }
    }

    /** A provider that starts a thread when it is asked. */
    public static final class Busy extends Quiet {
        @Override
        public String summary() {
            Thread thread = new Thread(
                    () -> {
                        try {
                            Thread.sleep(WAKES_AFTER);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    },
                    "busy");
            thread.setDaemon(true);
            thread.start();
            return super.summary();
        }
    }

    /** A method whose adapters compute something else as soon as a later one has come. */
    public static final class Fading implements MethodProvider<Gain.Config> {
        private static final RecipeFormat FORMAT = new RecipeFormat("TCK_FADING", Set.of("begin"));

        private final Gain gain = new Gain();

        /** Supersedes whoever came before. */
        public Fading() {
            System.setProperty(EPOCH, String.valueOf(Integer.getInteger(EPOCH, 0) + 1));
        }

        @Override
        public String id() {
            return "fading";
        }

        @Override
        public String summary() {
            return gain.summary();
        }

        @Override
        public Class<Gain.Config> configuration() {
            return Gain.Config.class;
        }

        @Override
        public Documentation documentation() {
            return gain.documentation();
        }

        @Override
        public AdapterFormat format() {
            return FORMAT;
        }

        @Override
        public long trainableParameters(ModelView model, Gain.Config configuration) {
            return gain.trainableParameters(model, configuration);
        }

        @Override
        public Attachment attach(ModelView model, Gain.Config configuration, AttachContext context) {
            return new Faded(gain.attach(model, configuration, context));
        }
    }

    private record Faded(Attachment own) implements Attachment {
        @Override
        public List<Parameter> parameters() {
            return own.parameters();
        }

        @Override
        public Patches patches() {
            Patches.Builder patches = Patches.builder();
            own.patches().linear().forEach((site, patch) -> patches.linear(site, new Fade(patch)));
            return patches.build();
        }

        @Override
        public Map<String, UnaryOperator<Tensor>> merge() {
            return own.merge();
        }
    }

    private record Fade(LinearPatch own) implements LinearPatch {
        @Override
        public Tensor output(PatchContext context, Tensor x, Tensor y) {
            return own.output(context, x, y).mul(1.0 / Integer.getInteger(EPOCH, 1));
        }
    }

    static Map<String, Consumer<Parts>> all() {
        Map<String, Consumer<Parts>> mutants = new LinkedHashMap<>();
        mutants.put("16.01", jar -> {
            String imports = jar.headers().get("Import-Package");
            jar.headers()
                    .put("Import-Package", imports.replaceAll("dev\\.graft\\.spi\\.method;version=\"[^\"]*\",?", ""));
        });
        mutants.put("16.02", jar -> jar.optimizer(Chameleon.class));
        mutants.put("16.03", jar -> jar.add(JarMutants.Talkative.class));
        mutants.put("16.04", jar -> jar.optimizer(JarMutants.Staying.class));
        mutants.put("16.05", jar -> jar.optimizer(Single.class));
        mutants.put("16.06", jar -> jar.optimizer(Dated.class));
        mutants.put("16.07", jar -> {
            jar.add(Fading.class);
            jar.add(Faded.class);
            jar.add(Fade.class);
            jar.provider(MethodProvider.class, Fading.class);
        });
        mutants.put("16.08", jar -> jar.optimizer(Busy.class));
        return mutants;
    }
}
