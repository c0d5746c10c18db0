package dev.graft.kernel.data;

import dev.graft.spi.objective.Example;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;

/**
 * Puts examples of one sequence each together to rows: best-fit decreasing within windows, so that rows are nearly full
 * while examples stay near their place. An example that fits nowhere gets a row of its own.
 */
final class Packing {
    private static final int WINDOW = 8192;

    private Packing() {}

    /** Rows of examples, none longer than {@code maxLength} tokens unless a single example is. */
    static List<List<Example>> rows(List<Example> examples, int maxLength) {
        List<List<Example>> rows = new ArrayList<>();
        for (int start = 0; start < examples.size(); start += WINDOW) {
            rows.addAll(window(examples.subList(start, Math.min(examples.size(), start + WINDOW)), maxLength));
        }
        return rows;
    }

    private static List<List<Example>> window(List<Example> examples, int maxLength) {
        List<Example> falling = new ArrayList<>(examples);
        falling.sort(Comparator.comparingInt(Example::tokens).reversed());
        List<List<Example>> rows = new ArrayList<>();
        TreeMap<Integer, Deque<List<Example>>> byRoom = new TreeMap<>();
        for (Example example : falling) {
            Integer room = byRoom.ceilingKey(example.tokens());
            List<Example> row;
            if (room == null) {
                row = new ArrayList<>();
                rows.add(row);
                room = maxLength;
            } else {
                Deque<List<Example>> fitting = byRoom.get(room);
                row = fitting.removeFirst();
                if (fitting.isEmpty()) {
                    byRoom.remove(room);
                }
            }
            row.add(example);
            int left = room - example.tokens();
            if (left > 0) {
                byRoom.computeIfAbsent(left, key -> new ArrayDeque<>()).addLast(row);
            }
        }
        return rows;
    }
}
