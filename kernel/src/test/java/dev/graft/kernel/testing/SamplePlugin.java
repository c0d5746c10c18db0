package dev.graft.kernel.testing;

import dev.graft.spi.optimizer.OptimizerProvider;

/**
 * The source of a plugin, an optimizer that is listed and never steps, for tests of what happens to its jar.
 *
 * @param id its id
 * @param members what its class has besides
 * @param summary an expression that gives its summary
 * @param create what it does when an optimizer is asked for
 */
public record SamplePlugin(String id, String members, String summary, String create) {
    private static final String CLASS = "org.example.Sample";

    /** A plugin that does nothing. */
    public static SamplePlugin of(String id) {
        return new SamplePlugin(id, "", "\"a sample\"", "throw new UnsupportedOperationException();");
    }

    /** The same with further members. */
    public SamplePlugin with(String more) {
        return new SamplePlugin(id, members + more, summary, create);
    }

    /** The same with another summary. */
    public SamplePlugin saying(String expression) {
        return new SamplePlugin(id, members, expression, create);
    }

    /** The same with something else in {@code create}. */
    public SamplePlugin creating(String statements) {
        return new SamplePlugin(id, members, summary, statements);
    }

    /** Its jar, of that name and version. */
    public JarBuilder jar(String name, String version) {
        return JarBuilder.named(name).version(version).source(CLASS, source()).service(OptimizerProvider.class, CLASS);
    }

    private String source() {
        return """
                package org.example;

                import dev.graft.spi.config.NoOptions;
                import dev.graft.spi.optimizer.Optimizer;
                import dev.graft.spi.optimizer.OptimizerProvider;

                public class Sample implements OptimizerProvider<NoOptions> {
                    %s
                    public String id() { return "%s"; }
                    public String summary() { return %s; }
                    public Class<NoOptions> configuration() { return NoOptions.class; }
                    public Optimizer create(NoOptions options) { %s }
                }
                """.formatted(members, id, summary, create);
    }
}
