package dev.graft.tokenizers.huggingface.jinja;

import java.util.AbstractList;
import java.util.List;

/** A list of fixed length, printed in round brackets. */
final class Tuple extends AbstractList<Object> {
    private final List<Object> items;

    Tuple(List<Object> items) {
        this.items = items;
    }

    static Tuple of(Object first, Object second) {
        return new Tuple(java.util.Arrays.asList(first, second));
    }

    @Override
    public Object get(int index) {
        return items.get(index);
    }

    @Override
    public int size() {
        return items.size();
    }
}
