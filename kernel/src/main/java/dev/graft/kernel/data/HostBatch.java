package dev.graft.kernel.data;

import dev.graft.spi.engine.Losses;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.Input;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.List;

/**
 * A batch in host memory, padded on the right to its longest row. Arrays are {@code [rows, length]} in row-major order; they
 * are null where the batch has no use for them.
 *
 * @param examples what it was made from
 * @param rows number of rows
 * @param length tokens of a row, padding included
 * @param tokens tokens of all rows, padding left out
 * @param ids token ids
 * @param mask 1 for tokens and 0 for padding; null where nothing is padded
 * @param labels label per token, -100 = ignored; null where sequences carry none
 * @param types token types; null where no sequence has any
 * @param positions position of each token in its sequence; null unless sequences share rows or have branches
 * @param segments number of the sequence a token belongs to, counted per row; null unless sequences share rows
 * @param branches branch of each token within its sequence; null where no sequence has any
 */
public record HostBatch(
        List<Example> examples,
        int rows,
        int length,
        int tokens,
        long[] ids,
        long[] mask,
        long[] labels,
        long[] types,
        long[] positions,
        long[] segments,
        long[] branches) {

    /** Copies the list. */
    public HostBatch {
        examples = List.copyOf(examples);
    }

    /**
     * A batch with every sequence in a row of its own.
     *
     * @param padToken id of padding
     * @param multiple the length is rounded up to a multiple of this
     */
    public static HostBatch padded(List<Example> examples, int padToken, int multiple) {
        List<List<Sequence>> rows = examples.stream()
                .flatMap(example -> example.sequences().stream())
                .map(List::of)
                .toList();
        return of(examples, rows, padToken, multiple, false);
    }

    /**
     * A batch whose rows each hold the sequences of several examples. The first label of a sequence is ignored, since
     * the token before it belongs to another one.
     *
     * @param packed examples by row
     * @param padToken id of padding
     * @param multiple the length is rounded up to a multiple of this
     */
    public static HostBatch packed(List<List<Example>> packed, int padToken, int multiple) {
        List<Example> examples = packed.stream().flatMap(List::stream).toList();
        List<List<Sequence>> rows = packed.stream()
                .map(row -> row.stream()
                        .flatMap(example -> example.sequences().stream())
                        .toList())
                .toList();
        return of(examples, rows, padToken, multiple, true);
    }

    private static HostBatch of(
            List<Example> examples, List<List<Sequence>> rows, int padToken, int multiple, boolean packed) {
        List<Sequence> all = rows.stream().flatMap(List::stream).toList();
        int tokens = all.stream().mapToInt(Sequence::length).sum();
        int longest = rows.stream()
                .mapToInt(row -> row.stream().mapToInt(Sequence::length).sum())
                .max()
                .orElseThrow(() -> new IllegalArgumentException("a batch needs at least one example"));
        int length = (longest + multiple - 1) / multiple * multiple;
        int size = Math.multiplyExact(rows.size(), length);
        boolean labelled = all.stream().anyMatch(sequence -> sequence.labels() != null);
        boolean typed = all.stream().anyMatch(sequence -> sequence.types() != null);
        boolean branched = all.stream().anyMatch(sequence -> sequence.branches() != null);
        HostBatch batch = new HostBatch(
                examples,
                rows.size(),
                length,
                tokens,
                filled(size, padToken),
                tokens == size ? null : new long[size],
                labelled ? filled(size, Losses.IGNORED) : null,
                typed ? new long[size] : null,
                packed || branched ? new long[size] : null,
                packed ? new long[size] : null,
                branched ? new long[size] : null);
        for (int row = 0; row < rows.size(); row++) {
            batch.fill(row, rows.get(row));
        }
        return batch;
    }

    private static long[] filled(int size, long value) {
        long[] array = new long[size];
        Arrays.fill(array, value);
        return array;
    }

    private void fill(int row, List<Sequence> sequences) {
        int at = row * length;
        for (int number = 0; number < sequences.size(); number++) {
            Sequence sequence = sequences.get(number);
            int[] places = sequence.positions();
            for (int i = 0; i < sequence.length(); i++, at++) {
                ids[at] = sequence.ids()[i];
                put(mask, at, 1);
                if (sequence.labels() != null) {
                    put(labels, at, number > 0 && i == 0 ? Losses.IGNORED : sequence.labels()[i]);
                }
                if (sequence.types() != null) {
                    put(types, at, sequence.types()[i]);
                }
                if (sequence.branches() != null) {
                    put(branches, at, sequence.branches()[i]);
                }
                put(positions, at, places[i]);
                put(segments, at, number);
            }
        }
        for (int i = 0; at < (row + 1) * length; i++, at++) {
            put(positions, at, i);
            put(segments, at, sequences.size());
        }
    }

    private static void put(long[] array, int at, long value) {
        if (array != null) {
            array[at] = value;
        }
    }

    /** The batch as tensors of the current scope. */
    public Batch toBatch(Tensors tensors) {
        Shape shape = Shape.of(rows, length);
        Input input = new Input(
                tensor(tensors, ids, shape),
                tensor(tensors, mask, shape),
                tensor(tensors, positions, shape),
                tensor(tensors, types, shape),
                tensor(tensors, segments, shape),
                tensor(tensors, branches, shape),
                null,
                null);
        return new Batch(input, tensor(tensors, labels, shape), examples);
    }

    private static Tensor tensor(Tensors tensors, long[] values, Shape shape) {
        return values == null ? null : tensors.of(values, shape);
    }
}
