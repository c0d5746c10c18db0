package dev.graft.tokenizers.huggingface.jinja;

import java.util.List;
import java.util.Set;

/** The variable {@code loop} inside a {@code for}. */
final class Loop implements Callable {
    private static final Set<String> ATTRIBUTES = Set.of(
            "index",
            "index0",
            "revindex",
            "revindex0",
            "first",
            "last",
            "length",
            "depth",
            "depth0",
            "previtem",
            "nextitem",
            "cycle",
            "changed");
    private final List<Object> items;
    private final int depth;
    private final Callable recursion;
    private int index;
    private Object changed = new Undefined("changed");
    private boolean compared;

    /**
     * A loop before its first element.
     *
     * @param items what it runs through
     * @param depth number of recursive loops around it
     * @param recursion runs the loop over other elements; null unless the loop is recursive
     */
    Loop(List<Object> items, int depth, Callable recursion) {
        this.items = items;
        this.depth = depth;
        this.recursion = recursion;
    }

    void moveTo(int newIndex) {
        index = newIndex;
    }

    boolean hasAttribute(String name) {
        return ATTRIBUTES.contains(name);
    }

    Object attribute(String name) {
        int size = items.size();
        return switch (name) {
            case "index" -> index + 1L;
            case "index0" -> (long) index;
            case "revindex" -> (long) size - index;
            case "revindex0" -> (long) size - index - 1;
            case "first" -> index == 0;
            case "last" -> index == size - 1;
            case "length" -> (long) size;
            case "depth" -> depth + 1L;
            case "depth0" -> (long) depth;
            case "previtem" -> index == 0 ? new Undefined("there is no previous item") : items.get(index - 1);
            case "nextitem" -> index == size - 1 ? new Undefined("there is no next item") : items.get(index + 1);
            case "cycle" ->
                (Callable) arguments -> arguments
                        .positional()
                        .get(index % arguments.positional().size());
            default -> (Callable) arguments -> isChanged(new Tuple(arguments.positional()));
        };
    }

    private boolean isChanged(Object value) {
        boolean different = !compared || !Values.same(changed, value);
        compared = true;
        changed = value;
        return different;
    }

    @Override
    public Object call(Arguments arguments) {
        if (recursion == null) {
            throw new TemplateException("the loop is not marked as recursive");
        }
        return recursion.call(arguments);
    }
}
