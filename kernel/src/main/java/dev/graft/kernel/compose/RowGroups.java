package dev.graft.kernel.compose;

import dev.graft.kernel.compose.RowAssignment.Group;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/** Takes a batch apart by groups of rows and puts it together again. */
final class RowGroups {
    private final GraftTensors tensors;
    private final List<Group> groups;

    RowGroups(GraftTensors tensors, RowAssignment assignment) {
        this.tensors = tensors;
        this.groups = assignment.groups();
    }

    /** Whether all rows form one group. */
    boolean uniform() {
        return groups.size() == 1;
    }

    /** The adapters of the only group. */
    List<AttachedAdapter> only() {
        return groups.get(0).adapters();
    }

    List<Group> all() {
        return groups;
    }

    /** The group of the rows with these adapters. */
    Group of(List<AttachedAdapter> adapters) {
        return groups.stream()
                .filter(group -> group.adapters().equals(adapters))
                .findFirst()
                .orElseThrow();
    }

    boolean any(Predicate<List<AttachedAdapter>> condition) {
        return groups.stream().anyMatch(group -> condition.test(group.adapters()));
    }

    /** The rows of one group. */
    Tensor rows(Group group, Tensor batch) {
        if (uniform()) {
            return batch;
        }
        int[] rows = group.rows();
        if (group.contiguous()) {
            return batch.slice(0, rows[0], rows[rows.length - 1] + 1L);
        }
        return batch.select(0, index(rows));
    }

    /** Applies a function to the rows of every group. */
    Tensor map(Tensor batch, BiFunction<Group, Tensor, Tensor> function) {
        return build(group -> function.apply(group, rows(group, batch)));
    }

    /** Joins what a function makes for every group, each in the order of its rows, into a batch. */
    Tensor build(Function<Group, Tensor> function) {
        if (uniform()) {
            return function.apply(groups.get(0));
        }
        List<Tensor> parts = new ArrayList<>();
        List<Integer> order = new ArrayList<>();
        for (Group group : groups) {
            parts.add(function.apply(group));
            for (int row : group.rows()) {
                order.add(row);
            }
        }
        Tensor joined = tensors.concat(parts, 0);
        int[] positionOfRow = new int[order.size()];
        boolean sorted = true;
        for (int position = 0; position < positionOfRow.length; position++) {
            positionOfRow[order.get(position)] = position;
            sorted &= order.get(position) == position;
        }
        return sorted ? joined : joined.select(0, index(positionOfRow));
    }

    private Tensor index(int[] rows) {
        long[] values = new long[rows.length];
        for (int i = 0; i < rows.length; i++) {
            values[i] = rows[i];
        }
        return tensors.of(values, Shape.of(rows.length));
    }
}
