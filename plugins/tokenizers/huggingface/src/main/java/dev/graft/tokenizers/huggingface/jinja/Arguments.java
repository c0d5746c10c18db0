package dev.graft.tokenizers.huggingface.jinja;

import java.util.List;
import java.util.Map;

/**
 * What a call passes.
 *
 * @param positional values without a name, in order
 * @param named values with one
 */
public record Arguments(List<Object> positional, Map<String, Object> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    /** The argument at a place or of a name, or a default. */
    public Object get(int place, String name, Object otherwise) {
        if (place < positional.size()) {
            return positional.get(place);
        }
        return named.containsKey(name) ? named.get(name) : otherwise;
    }

    /** The argument at a place or of a name, which must be there. */
    public Object require(int place, String name) {
        if (place >= positional.size() && !named.containsKey(name)) {
            throw new TemplateException("a call lacks its argument '" + name + "'");
        }
        return get(place, name, null);
    }

    boolean has(int place, String name) {
        return place < positional.size() || named.containsKey(name);
    }

    boolean flag(int place, String name, boolean otherwise) {
        return Values.truth(get(place, name, otherwise));
    }

    int integer(int place, String name, int otherwise) {
        return Math.toIntExact(Numbers.integer(get(place, name, (long) otherwise)));
    }

    String text(int place, String name, String otherwise) {
        Object value = get(place, name, otherwise);
        return value == null ? null : Values.string(value);
    }

    Arguments without(int count) {
        return new Arguments(positional.subList(count, positional.size()), named);
    }
}
