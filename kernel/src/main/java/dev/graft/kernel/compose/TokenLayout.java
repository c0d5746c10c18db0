package dev.graft.kernel.compose;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.model.Input;
import java.util.Arrays;

/**
 * Where the tokens of a batch are, on the host: which slots hold tokens, their positions, and their packed sequences.
 * Virtual tokens take slots in front of the ids.
 */
final class TokenLayout {
    private final int batch;
    private final int length;
    private final int virtual;
    private final boolean[][] valid;
    private final long[][] positions;
    private final long[][] segments;
    private final long[][] branches;
    private final boolean allValid;

    private TokenLayout(
            int batch,
            int length,
            int virtual,
            boolean[][] valid,
            long[][] positions,
            long[][] segments,
            long[][] branches) {
        this.batch = batch;
        this.length = length;
        this.virtual = virtual;
        this.valid = valid;
        this.positions = positions;
        this.segments = segments;
        this.branches = branches;
        boolean all = true;
        for (boolean[] row : valid) {
            for (boolean slot : row) {
                all &= slot;
            }
        }
        this.allValid = all;
    }

    /**
     * Lays the tokens of an input out.
     *
     * @param virtualByRow number of virtual tokens of each row
     * @param firstPosition position of the first new token of each row
     */
    static TokenLayout of(Input input, int[] virtualByRow, long[] firstPosition) {
        boolean decoder = input.decoderIds() != null;
        var ids = decoder ? input.decoderIds() : input.ids();
        var mask = decoder ? input.decoderMask() : input.mask();
        int batch = Math.toIntExact(ids.size(0));
        int tokens = Math.toIntExact(ids.size(1));
        int virtual = Arrays.stream(virtualByRow).max().orElse(0);
        if (virtual > 0 && input.segments() != null) {
            throw new ConfigurationException(
                    "packed sequences cannot be combined with virtual tokens: set data.packing" + " to false");
        }
        long[] maskValues = mask == null ? null : mask.longs();
        long[] positionValues =
                input.positions() == null ? null : input.positions().longs();
        long[] segmentValues =
                input.segments() == null ? null : input.segments().longs();
        if (input.branches() != null && input.positions() == null) {
            throw new IllegalArgumentException("branches need the positions of their tokens");
        }
        int length = virtual + tokens;
        boolean[][] valid = new boolean[batch][length];
        long[][] positions = new long[batch][length];
        long[][] segments = segmentValues == null ? null : new long[batch][length];
        for (int row = 0; row < batch; row++) {
            long next = firstPosition[row];
            long segment = Long.MIN_VALUE;
            for (int slot = 0; slot < length; slot++) {
                int token = slot - virtual;
                int flat = row * tokens + token;
                valid[row][slot] =
                        token < 0 ? slot >= virtual - virtualByRow[row] : maskValues == null || maskValues[flat] != 0;
                if (segmentValues != null) {
                    segments[row][slot] = segmentValues[flat];
                    if (segmentValues[flat] != segment) {
                        segment = segmentValues[flat];
                        next = firstPosition[row];
                    }
                }
                if (positionValues != null && token >= 0) {
                    positions[row][slot] = positionValues[flat] + virtualByRow[row] + firstPosition[row];
                } else {
                    positions[row][slot] = valid[row][slot] ? next++ : Math.max(0, next - 1);
                }
            }
        }
        long[][] branches =
                input.branches() == null ? null : branches(input.branches().longs(), batch, virtual, tokens);
        return new TokenLayout(batch, length, virtual, valid, positions, segments, branches);
    }

    /** Branch of each slot; virtual tokens belong to the trunk. */
    private static long[][] branches(long[] values, int batch, int virtual, int tokens) {
        long[][] branches = new long[batch][virtual + tokens];
        for (int row = 0; row < batch; row++) {
            System.arraycopy(values, row * tokens, branches[row], virtual, tokens);
        }
        return branches;
    }

    int batch() {
        return batch;
    }

    /** Slots per row, virtual tokens included. */
    int length() {
        return length;
    }

    /** Slots in front that hold virtual tokens in some row. */
    int virtual() {
        return virtual;
    }

    boolean[][] valid() {
        return valid;
    }

    boolean allValid() {
        return allValid;
    }

    /** Whether in every row all tokens come before all padding. */
    boolean paddedRight() {
        for (boolean[] row : valid) {
            for (int slot = 1; slot < length; slot++) {
                if (row[slot] && !row[slot - 1]) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Packed sequence of each slot, or null. */
    long[][] segments() {
        return segments;
    }

    /** Whether sequences have branches. */
    boolean branched() {
        return branches != null;
    }

    /** Whether a slot belongs to the sequence of a later one and to its branch or the trunk. */
    boolean together(int row, int earlier, int later) {
        boolean sequence = segments == null || segments[row][earlier] == segments[row][later];
        return sequence
                && (branches == null || branches[row][earlier] == 0 || branches[row][earlier] == branches[row][later]);
    }

    /** The slot whose output predicts the token of a slot: the one before it, or the last one of the trunk; or -1. */
    int predictor(int row, int slot) {
        int before = slot - 1;
        while (branches != null && before >= 0 && !together(row, before, slot)) {
            before--;
        }
        return before;
    }

    /** Position of a slot. */
    long position(int row, int slot) {
        return positions[row][slot];
    }

    long[] flatPositions() {
        return Arrays.stream(positions).flatMapToLong(Arrays::stream).toArray();
    }

    /** Position after the last token of each row. */
    long[] nextPositions() {
        long[] next = new long[batch];
        for (int row = 0; row < batch; row++) {
            for (int slot = 0; slot < length; slot++) {
                if (valid[row][slot]) {
                    next[row] = Math.max(next[row], positions[row][slot] + 1);
                }
            }
        }
        return next;
    }

    /** Slot of the first token of each row; 0 for a row without any. */
    long[] firstTokens() {
        long[] first = new long[batch];
        for (int row = 0; row < batch; row++) {
            for (int slot = length - 1; slot >= 0; slot--) {
                if (valid[row][slot]) {
                    first[row] = slot;
                }
            }
        }
        return first;
    }

    /** Slot of the last token of each row; 0 for a row without any. */
    long[] lastTokens() {
        long[] last = new long[batch];
        for (int row = 0; row < batch; row++) {
            for (int slot = 0; slot < length; slot++) {
                if (valid[row][slot]) {
                    last[row] = slot;
                }
            }
        }
        return last;
    }
}
