package dev.graft.tokenizers.huggingface.jinja;

import java.util.HashMap;
import java.util.Map;

/** Variables that a part of a template sees: its own, then those of the scopes around it. */
final class Scope {
    private final Map<String, Object> variables = new HashMap<>();
    private final Scope outer;
    private final Rendering rendering;

    private Scope(Scope outer, Rendering rendering) {
        this.outer = outer;
        this.rendering = rendering;
    }

    static Scope outermost(Rendering rendering, Map<String, Object> variables) {
        Scope scope = new Scope(null, rendering);
        scope.variables.putAll(variables);
        return scope;
    }

    /** A scope whose assignments end with it. */
    Scope inner() {
        return new Scope(this, rendering);
    }

    Rendering rendering() {
        return rendering;
    }

    Object get(String name) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            if (scope.variables.containsKey(name)) {
                return scope.variables.get(name);
            }
        }
        return Undefined.name(name);
    }

    void set(String name, Object value) {
        variables.put(name, value);
    }
}
