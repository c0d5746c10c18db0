package dev.graft.tokenizers.huggingface.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A macro, or the body of a {@code call} block, with the scope it was defined in. */
final class Macro implements Callable {
    /**
     * A parameter.
     *
     * @param name its name
     * @param otherwise its default, or null if it has none
     */
    record Parameter(String name, Expression otherwise) {}

    /**
     * A macro as it was written.
     *
     * @param name its name
     * @param parameters its parameters
     * @param body what it renders
     * @param more whether it reads {@code varargs}, and so takes further arguments
     * @param named whether it reads {@code kwargs}, and so takes further named arguments
     * @param caller whether it reads {@code caller}, and so takes the body of a {@code call} block
     */
    record Definition(
            String name, List<Parameter> parameters, Block body, boolean more, boolean named, boolean caller) {}

    private final Definition definition;
    private final Scope home;

    Macro(Definition definition, Scope home) {
        this.definition = definition;
        this.home = home;
    }

    Object attribute(String attribute) {
        return switch (attribute) {
            case "name" -> definition.name();
            case "arguments" ->
                new Tuple(definition.parameters().stream()
                        .<Object>map(Parameter::name)
                        .toList());
            default -> null;
        };
    }

    @Override
    public Object call(Arguments arguments) {
        Scope scope = home.inner();
        Map<String, Object> named = new LinkedHashMap<>(arguments.named());
        List<Object> rest = new ArrayList<>(arguments.positional());
        for (Parameter parameter : definition.parameters()) {
            Object value;
            if (!rest.isEmpty()) {
                value = rest.remove(0);
            } else if (named.containsKey(parameter.name())) {
                value = named.remove(parameter.name());
            } else {
                value = parameter.otherwise() == null
                        ? new Undefined("parameter '" + parameter.name() + "' was not provided")
                        : parameter.otherwise().evaluate(scope);
            }
            scope.set(parameter.name(), value);
        }
        if (definition.caller()) {
            scope.set("caller", named.containsKey("caller") ? named.remove("caller") : Undefined.name("caller"));
        }
        refuse(rest, named);
        scope.set("varargs", new Tuple(rest));
        scope.set("kwargs", new LinkedHashMap<Object, Object>(named));
        return scope.rendering().capture(() -> definition.body().execute(scope));
    }

    private void refuse(List<Object> rest, Map<String, Object> named) {
        if (!rest.isEmpty() && !definition.more()) {
            throw new TemplateException("macro '" + definition.name() + "' takes not more than "
                    + definition.parameters().size() + " argument(s)");
        }
        if (!named.isEmpty() && !definition.named()) {
            throw new TemplateException("macro '" + definition.name() + "' takes no keyword argument "
                    + named.keySet().iterator().next());
        }
    }

    @Override
    public String toString() {
        return "<Macro '" + definition.name() + "'>";
    }
}
