package dev.graft.kernel.recipe;

import dev.graft.spi.config.Choice;
import dev.graft.spi.config.Key;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What to learn from.
 *
 * @param train files to train on: JSONL, JSON, CSV, Parquet or plain text, by their extension
 * @param eval files to evaluate on, or null
 * @param evalFraction share of the training data that is kept for evaluation, where {@code eval} is null
 * @param evalFrom which part of the training data that is
 * @param format the shape of a record, or null to tell it from the columns
 * @param columns which column stands for what: role to column name
 * @param template how a record becomes text, with {@code {column}} in place of a column's value; null = by format
 * @param system system message put before every conversation that has none; null = none
 * @param labels class names in the order of their ids; empty = as found in the data, sorted
 * @param limit at most this many training records; null = all
 * @param evalLimit at most this many evaluation records; null = all
 * @param maxLength longest sequence, in tokens
 * @param overlong what becomes of a longer one
 * @param packing whether several examples share a row, kept apart by positions and attention
 * @param batchSize rows of one batch
 * @param evalBatchSize rows of one batch of evaluation; null = {@code batchSize}
 * @param gradientAccumulation batches of one optimizer step
 * @param shuffle whether the order changes from epoch to epoch
 * @param seed decides the order and the evaluation share; null = the seed of training
 */
public record DataSection(
        @Key(
                value = "Files to train on (.jsonl, .json, .csv, .parquet, .txt): one path or a list, looked up"
                        + " beside the recipe, then in the working directory",
                required = true)
        Choice train,

        @Key("Files to evaluate on: one path or a list") Choice eval,

        @Key(
                value = "Share of the training data that is kept for evaluation instead, where eval is left out",
                defaultsTo = "0",
                min = 0,
                max = 0.99)
        double evalFraction,

        @Key(value = "Which part of the training data is kept for evaluation", defaultsTo = "random")
        EvalFrom evalFrom,

        @Key(
                value = "Shape of a record; left out, told from the columns",
                allowed = {
                    "text",
                    "prompt_completion",
                    "alpaca",
                    "messages",
                    "sharegpt",
                    "text_label",
                    "preference",
                    "prompt"
                })
        String format,

        @Key("Which column stands for what, for instance {prompt: question, completion: answer}")
        Map<String, String> columns,

        @Key("How a record becomes text: {column} is replaced by the column's value")
        String template,

        @Key("System message put before every conversation that has none")
        String system,

        @Key("Class names in the order of their ids; left out, those found in the data, sorted")
        List<String> labels,

        @Key(value = "At most this many training records; left out, all", min = 1)
        Integer limit,

        @Key(value = "At most this many evaluation records; left out, all", min = 1)
        Integer evalLimit,

        @Key(value = "Longest sequence in tokens", defaultsTo = "512", min = 2)
        int maxLength,

        @Key(value = "What becomes of a longer sequence", defaultsTo = "truncate")
        Overlong overlong,

        @Key(value = "Whether several examples share a row, kept apart from each other", defaultsTo = "false")
        boolean packing,

        @Key(value = "Rows of one batch", defaultsTo = "8", min = 1)
        int batchSize,

        @Key(value = "Rows of one batch of evaluation; left out, as batch_size", min = 1)
        Integer evalBatchSize,

        @Key(value = "Batches of one optimizer step", defaultsTo = "1", min = 1)
        int gradientAccumulation,

        @Key(value = "Whether the order changes from epoch to epoch", defaultsTo = "true")
        boolean shuffle,

        @Key("Decides the order and the evaluation share; left out, training.seed")
        Long seed) {

    /** Which part of the training data is kept for evaluation. */
    public enum EvalFrom {
        /** Records drawn by the seed. */
        RANDOM,
        /** The last records; of one long text, its last part. */
        END
    }

    /** What becomes of a sequence that is too long. */
    public enum Overlong {
        /** Its end is cut off. */
        TRUNCATE,
        /** It becomes several sequences, each of the greatest length but the last. */
        SPLIT,
        /** It is left out, and counted. */
        DROP,
        /** Training does not begin. */
        ERROR
    }

    /** The training files. */
    public List<Path> trainFiles() {
        return paths(train);
    }

    /** The evaluation files; empty where there are none. */
    public List<Path> evalFiles() {
        return eval == null ? List.of() : paths(eval);
    }

    private static List<Path> paths(Choice choice) {
        return choice.names().orElseGet(() -> List.of(choice.single())).stream()
                .map(Path::of)
                .toList();
    }
}
