package dev.graft.kernel.compose;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Keys and values of the tokens a batch has seen, by attention site, so that a generated token costs one pass over
 * itself. Belongs to one batch and one assignment of adapters: what it holds was computed with them. Memory grows by
 * doubling and is freed on close.
 */
public final class KeyValueCache implements AutoCloseable {
    private static final int FIRST_CAPACITY = 64;

    private static final class Entry {
        private Array keys;
        private Array values;
        private int used;
        private LeadingSlots leading;

        private void close() {
            keys.close();
            values.close();
        }
    }

    private final Engine engine;
    private final Map<String, Entry> entries = new HashMap<>();
    private boolean[][] valid = new boolean[0][];
    private long[] nextPositions;

    /** An empty cache. */
    public KeyValueCache(Engine engine) {
        this.engine = engine;
    }

    /** Number of token slots held, virtual tokens included and leading slots not. */
    public int length() {
        return valid.length == 0 ? 0 : valid[0].length;
    }

    /** Whether nothing was put in. */
    public boolean isEmpty() {
        return length() == 0;
    }

    /** Position of the next token of each row, or null when empty. */
    public long[] nextPositions() {
        return nextPositions == null ? null : nextPositions.clone();
    }

    /** Slots of all tokens, the new ones included. */
    boolean[][] slotsWith(TokenLayout layout) {
        if (isEmpty()) {
            return layout.valid();
        }
        boolean[][] joined = new boolean[layout.batch()][];
        for (int row = 0; row < joined.length; row++) {
            joined[row] = Arrays.copyOf(valid[row], valid[row].length + layout.length());
            System.arraycopy(layout.valid()[row], 0, joined[row], valid[row].length, layout.length());
        }
        return joined;
    }

    /** Notes that a pass over these tokens is complete. */
    void advance(TokenLayout layout) {
        valid = slotsWith(layout);
        nextPositions = layout.nextPositions();
    }

    /** Slots of attachments in front of a site's keys; null for a site not seen before. */
    LeadingSlots leading(String site) {
        Entry entry = entries.get(site);
        return entry == null ? null : entry.leading;
    }

    /**
     * Appends to a site.
     *
     * @param keys {@code [batch, keyHeads, new, headSize]}
     * @param values as {@code keys}
     * @param leading the slots among the first keys that belong to attachments; taken on the first call only
     * @return handles to all keys and all values, for the caller to close
     */
    Array[] append(String site, Array keys, Array values, LeadingSlots leading) {
        int added = Math.toIntExact(keys.shape().size(2));
        Entry entry = entries.get(site);
        if (entry == null) {
            entry = new Entry();
            entry.leading = leading;
            int capacity = Math.max(FIRST_CAPACITY, Integer.highestOneBit(added) * 2);
            entry.keys = room(keys.shape(), keys.dtype(), capacity);
            entry.values = room(values.shape(), values.dtype(), capacity);
            entries.put(site, entry);
        } else if (entry.used + added > entry.keys.shape().size(2)) {
            int capacity = Math.toIntExact(
                    Math.max(entry.used + added, entry.keys.shape().size(2) * 2));
            entry.keys = grown(entry.keys, entry.used, capacity);
            entry.values = grown(entry.values, entry.used, capacity);
        }
        put(entry.keys, entry.used, keys);
        put(entry.values, entry.used, values);
        entry.used += added;
        return new Array[] {engine.slice(entry.keys, 2, 0, entry.used), engine.slice(entry.values, 2, 0, entry.used)};
    }

    /**
     * The keys of a site.
     *
     * @return a handle for the caller to close, {@code [batch, keyHeads, length, headSize]}
     */
    Array keys(String site) {
        Entry entry = entries.get(site);
        return engine.slice(entry.keys, 2, 0, entry.used);
    }

    /** The values of a site, as {@link #keys}. */
    Array values(String site) {
        Entry entry = entries.get(site);
        return engine.slice(entry.values, 2, 0, entry.used);
    }

    /** Keeps some rows and drops the others. */
    public void select(int[] rows) {
        long[] index = Arrays.stream(rows).asLongStream().toArray();
        try (Array picked = engine.of(index, Shape.of(rows.length))) {
            for (Entry entry : entries.values()) {
                Array keys = engine.select(entry.keys, 0, picked);
                entry.keys.close();
                entry.keys = keys;
                Array values = engine.select(entry.values, 0, picked);
                entry.values.close();
                entry.values = values;
                entry.leading = entry.leading.select(rows);
            }
        }
        boolean[][] kept = new boolean[rows.length][];
        long[] positions = new long[rows.length];
        for (int i = 0; i < rows.length; i++) {
            kept[i] = valid[rows[i]];
            positions[i] = nextPositions[rows[i]];
        }
        valid = kept;
        nextPositions = positions;
    }

    @Override
    public void close() {
        entries.values().forEach(Entry::close);
        entries.clear();
    }

    private Array room(Shape shape, DType dtype, int capacity) {
        return engine.empty(shape.with(2, capacity), dtype);
    }

    private Array grown(Array old, int used, int capacity) {
        Array larger = room(old.shape(), old.dtype(), capacity);
        try (Array held = engine.slice(old, 2, 0, used)) {
            put(larger, 0, held);
        }
        old.close();
        return larger;
    }

    private void put(Array target, int from, Array source) {
        try (Array slots = engine.slice(target, 2, from, from + source.shape().size(2))) {
            engine.copyInPlace(slots, source);
        }
    }
}
