package dev.graft.spi.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes one key of a configuration record, on its component. The kernel reads records from YAML and JSON, reports
 * mistakes with the key's path, and generates help and a JSON Schema from these annotations.
 *
 * <p>Component types: {@code int}, {@code long}, {@code double}, {@code boolean}, their boxes (null when absent),
 * {@code String}, enums (written in lower case, hyphens or underscores for underscores), records, {@code List<T>},
 * {@code Map<String, T>}, {@link Choice}, and {@code Object} for anything. The key's name is the component's name in
 * snake case unless {@link #name()} says otherwise.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER})
public @interface Key {
    /** What the key means, in one sentence, with units. */
    String value();

    /** The name, where it is not the component's name in snake case. */
    String name() default "";

    /** The default as YAML text; empty means null (or an empty list or map), and an error for a primitive. */
    String defaultsTo() default "";

    /** Whether leaving the key out is an error. */
    boolean required() default false;

    /** Smallest allowed number. */
    double min() default Double.NEGATIVE_INFINITY;

    /** Largest allowed number. */
    double max() default Double.POSITIVE_INFINITY;

    /**
     * The allowed strings; empty means any. Where {@code true} or {@code false} is among them, truth values are taken
     * for these strings, as for keys that hold a truth value or a name.
     */
    String[] allowed() default {};

    /**
     * Whether the string is the path of a file or directory that must be there. In a recipe it is looked up as other paths are,
     * and stands for the absolute path.
     */
    boolean path() default false;
}
