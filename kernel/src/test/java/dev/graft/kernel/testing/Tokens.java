package dev.graft.kernel.testing;

import java.util.Arrays;

/**
 * A batch of token sequences.
 *
 * @param ids {@code [rows, length]}
 * @param mask 1 for tokens and 0 for padding, {@code [rows, length]}
 */
public record Tokens(long[][] ids, long[][] mask) {
    /** Rows of ids without padding. */
    public static Tokens of(long[]... rows) {
        long[][] mask = new long[rows.length][rows[0].length];
        for (long[] row : mask) {
            Arrays.fill(row, 1);
        }
        return new Tokens(rows, mask);
    }

    /** The inputs of a reference case. */
    public static Tokens of(ReferenceCase reference) {
        int length = Math.toIntExact(reference.shape("input_ids").size(1));
        return new Tokens(
                split(reference.longs("input_ids"), length), split(reference.longs("attention_mask"), length));
    }

    private static long[][] split(long[] flat, int length) {
        long[][] rows = new long[flat.length / length][];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = Arrays.copyOfRange(flat, row * length, (row + 1) * length);
        }
        return rows;
    }

    /** Number of rows. */
    public int rows() {
        return ids.length;
    }

    /** Tokens and padding per row. */
    public int length() {
        return ids[0].length;
    }

    /** Number of tokens of a row. */
    public int tokens(int row) {
        return (int) Arrays.stream(mask[row]).sum();
    }

    /** One row without its padding. */
    public Tokens alone(int row) {
        long[] own = new long[tokens(row)];
        for (int slot = 0, next = 0; slot < length(); slot++) {
            if (mask[row][slot] != 0) {
                own[next++] = ids[row][slot];
            }
        }
        return of(own);
    }

    /** The same rows with {@code extra} more padding, all of it in front. */
    public Tokens paddedLeft(int extra) {
        int width = length() + extra;
        long[][] newIds = new long[rows()][width];
        long[][] newMask = new long[rows()][width];
        for (int row = 0; row < rows(); row++) {
            long[] own = alone(row).ids()[0];
            System.arraycopy(own, 0, newIds[row], width - own.length, own.length);
            Arrays.fill(newMask[row], width - own.length, width, 1);
        }
        return new Tokens(newIds, newMask);
    }

    /** The first columns of the first rows. */
    public Tokens corner(int rows, int columns) {
        Tokens narrow = columns(0, Math.min(columns, length()));
        int count = Math.min(rows, rows());
        return new Tokens(Arrays.copyOf(narrow.ids(), count), Arrays.copyOf(narrow.mask(), count));
    }

    /** Some columns of every row. */
    public Tokens columns(int from, int to) {
        return new Tokens(columns(ids, from, to), columns(mask, from, to));
    }

    private static long[][] columns(long[][] rows, int from, int to) {
        return Arrays.stream(rows).map(row -> Arrays.copyOfRange(row, from, to)).toArray(long[][]::new);
    }

    /** Slots of a row that hold tokens, in order. */
    public int[] slots(int row) {
        int[] slots = new int[tokens(row)];
        for (int slot = 0, next = 0; slot < length(); slot++) {
            if (mask[row][slot] != 0) {
                slots[next++] = slot;
            }
        }
        return slots;
    }
}
