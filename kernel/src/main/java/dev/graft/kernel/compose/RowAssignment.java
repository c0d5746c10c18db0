package dev.graft.kernel.compose;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which adapters each row of a batch uses. Rows that use the same ones, in the same order, form a group. */
public final class RowAssignment {
    /**
     * Rows that share their adapters.
     *
     * @param adapters in the order of attachment; empty for the bare base
     * @param rows indices of the rows, rising
     */
    record Group(List<AttachedAdapter> adapters, int[] rows) {
        boolean contiguous() {
            return rows[rows.length - 1] - rows[0] + 1 == rows.length;
        }
    }

    private final List<Group> groups;
    private final int rows;

    private RowAssignment(List<Group> groups, int rows) {
        this.groups = groups;
        this.rows = rows;
    }

    /** The bare base for every row of a batch of any size. */
    public static RowAssignment base() {
        return all(List.of());
    }

    /** The same adapters for every row of a batch of any size. */
    public static RowAssignment all(List<AttachedAdapter> adapters) {
        return new RowAssignment(List.of(new Group(List.copyOf(adapters), new int[0])), 0);
    }

    /** The adapters of each row in turn. */
    public static RowAssignment rows(List<List<AttachedAdapter>> adaptersByRow) {
        if (adaptersByRow.isEmpty()) {
            throw new IllegalArgumentException("a batch needs at least one row");
        }
        Map<List<AttachedAdapter>, List<Integer>> rowsByAdapters = new LinkedHashMap<>();
        for (int row = 0; row < adaptersByRow.size(); row++) {
            rowsByAdapters
                    .computeIfAbsent(List.copyOf(adaptersByRow.get(row)), key -> new ArrayList<>())
                    .add(row);
        }
        List<Group> groups = new ArrayList<>();
        rowsByAdapters.forEach((adapters, rows) -> groups.add(
                new Group(adapters, rows.stream().mapToInt(Integer::intValue).toArray())));
        return new RowAssignment(List.copyOf(groups), adaptersByRow.size());
    }

    /** The assignment of some of the rows, for a batch from which others were dropped. */
    public RowAssignment select(int[] kept) {
        if (uniform()) {
            return all(groups.get(0).adapters());
        }
        List<List<AttachedAdapter>> byRow = new ArrayList<>();
        for (int row : kept) {
            byRow.add(adapters(row));
        }
        return rows(byRow);
    }

    /** The adapters of every row that do not learn, in order: what stands when what learns is switched off. */
    public List<AttachedAdapter> frozen() {
        return groups.stream()
                .flatMap(group -> group.adapters().stream())
                .filter(adapter -> !adapter.learns())
                .distinct()
                .toList();
    }

    /** The adapters of one row. */
    public List<AttachedAdapter> adapters(int row) {
        if (uniform()) {
            return groups.get(0).adapters();
        }
        for (Group group : groups) {
            for (int member : group.rows()) {
                if (member == row) {
                    return group.adapters();
                }
            }
        }
        throw new IndexOutOfBoundsException("row " + row + " of " + rows);
    }

    /** Whether every row uses the same adapters. */
    boolean uniform() {
        return groups.size() == 1;
    }

    List<Group> groups() {
        return groups;
    }

    /**
     * Checks that a batch has as many rows as were assigned.
     *
     * @throws IllegalArgumentException if not
     */
    void check(long batch) {
        if (rows != 0 && rows != batch) {
            throw new IllegalArgumentException("adapters were assigned to " + rows + " rows, the batch has " + batch);
        }
    }
}
