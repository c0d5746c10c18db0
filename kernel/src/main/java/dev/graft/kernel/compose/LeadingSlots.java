package dev.graft.kernel.compose;

import java.util.Arrays;

/** Slots in front of the keys of an attention site, aligned at their end where rows have unequally many. */
final class LeadingSlots {
    private final int length;
    private final int[] byRow;

    LeadingSlots(int[] byRow) {
        this(Arrays.stream(byRow).max().orElse(0), byRow.clone());
    }

    private LeadingSlots(int length, int[] byRow) {
        this.length = length;
        this.byRow = byRow;
    }

    /** Slots per row. */
    int length() {
        return length;
    }

    /** Whether some row uses fewer slots than there are. */
    boolean uneven() {
        return Arrays.stream(byRow).anyMatch(own -> own != length);
    }

    /** The slots of some of the rows, as many per row as before. */
    LeadingSlots select(int[] rows) {
        return new LeadingSlots(
                length, Arrays.stream(rows).map(row -> byRow[row]).toArray());
    }

    boolean valid(int row, int slot) {
        return slot >= length - byRow[row];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LeadingSlots slots && length == slots.length && Arrays.equals(byRow, slots.byRow);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(byRow);
    }
}
