package dev.graft.tck.bench;

import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.Input;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.Arrays;

/**
 * A batch of token sequences. Every row holds the token {@link #PLACE} once, for techniques whose virtual tokens take the
 * place of one in the text.
 *
 * @param ids {@code [rows, length]}
 * @param mask 1 for tokens and 0 for padding, {@code [rows, length]}
 */
public record Tokens(long[][] ids, long[][] mask) {
    /** The token that every row holds once; {@link TinyTokenizer} spells it {@code z}. */
    public static final int PLACE = 30;

    /** Two rows of five tokens. */
    public static final Tokens PAIR = of(new long[] {3, 7, 9, 2, PLACE}, new long[] {5, 4, PLACE, 11, 1});

    /** Rows of ids without padding. */
    public static Tokens of(long[]... rows) {
        long[][] mask = new long[rows.length][rows[0].length];
        for (long[] row : mask) {
            Arrays.fill(row, 1);
        }
        return new Tokens(rows, mask);
    }

    /** Rows of four to eight random tokens, padded on the right. */
    public static Tokens random(int rows, RandomStream random) {
        int longest = 8;
        long[][] ids = new long[rows][longest];
        long[][] mask = new long[rows][longest];
        for (int row = 0; row < rows; row++) {
            int length = 4 + random.nextInt(longest - 3);
            for (int slot = 0; slot < length; slot++) {
                ids[row][slot] = 1L + random.nextInt(PLACE - 1);
            }
            ids[row][random.nextInt(length)] = PLACE;
            Arrays.fill(mask[row], 0, length, 1);
        }
        return new Tokens(ids, mask);
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
        int[] slots = slots(row);
        return of(Arrays.stream(slots).mapToLong(slot -> ids[row][slot]).toArray());
    }

    /** The same rows with this much more padding, in front. */
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

    /** The same rows with this much more padding, behind. */
    public Tokens paddedRight(int extra) {
        int width = length() + extra;
        return new Tokens(widened(ids, width), widened(mask, width));
    }

    private static long[][] widened(long[][] rows, int width) {
        return Arrays.stream(rows).map(row -> Arrays.copyOf(row, width)).toArray(long[][]::new);
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

    /** The rows as an input in the current scope. */
    public Input input(Tensors tensors) {
        return Input.of(tensor(tensors, ids), tensor(tensors, mask));
    }

    private static Tensor tensor(Tensors tensors, long[][] rows) {
        long[] flat = Arrays.stream(rows).flatMapToLong(Arrays::stream).toArray();
        return tensors.of(flat, Shape.of(rows.length, rows[0].length));
    }
}
