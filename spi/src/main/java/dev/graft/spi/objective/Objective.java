package dev.graft.spi.objective;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.model.Task;
import dev.graft.spi.tensor.RandomStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What training minimises.
 *
 * <p>Objectives of several threads, one each, MUST come to what they come to alone (rule 13.16). Within a modest
 * number of steps on one batch the loss MUST fall (rule 13.14).
 */
public interface Objective {
    /** The head it needs. */
    Task task();

    /**
     * Rearranges the records of a data set before each is encoded: draws negatives, pairs, demonstrations. The same
     * random numbers give the same records.
     *
     * <p>It MUST depend on the records and the random numbers alone, and both lists MUST stay as they are (rule
     * 13.06).
     *
     * @param records training or evaluation records
     * @param training the training records as they were read, to draw from
     */
    default List<DataRecord> prepare(List<DataRecord> records, List<DataRecord> training, RandomStream random) {
        return records;
    }

    /**
     * Turns a record into an example.
     *
     * <p>A record MUST make the same example every time, and MUST stay as it is (rule 13.01). A wrong one MUST be
     * refused in one sentence that names source and column, or hold nothing to learn from (rule 13.02). Sequences
     * MUST keep to the limit of the context, or be whole and left to the run to cut (rule 13.03). Tokens and labels
     * MUST be of the vocabulary (rule 13.04).
     *
     * @return empty where the record holds nothing to learn from, which is counted and reported
     * @throws ConfigurationException if the record is wrong, naming its source and the column
     */
    Optional<Example> encode(DataRecord record, EncodeContext context);

    /** Number of outputs its head has whatever the data hold, for instance 1 for a score; 0 = one per class of the data. */
    default int outputs() {
        return 0;
    }

    /**
     * Draws what is to change from one pass over the data to the next, for instance which tokens are masked. What comes out
     * has as many tokens as what goes in. An example is drawn from numbers that depend on the seed, the pass and its place in
     * the data set alone; in evaluation they are the same in every pass.
     *
     * <p>It MUST depend on the example and the random numbers alone, and MUST leave the example as it is (rule
     * 13.05).
     *
     * @param example as {@link #encode} made it
     */
    default Example draw(Example example, EncodeContext context, RandomStream random) {
        return example;
    }

    /**
     * Figures of the reference, {@link Runner#reference}, that every pass over the data needs again, computed once before training and kept on disk;
     * they come back among {@link Example#values}.
     *
     * <p>Every example MUST get the same figures in every batch, and the loss with them MUST be the loss without
     * (rule 13.18).
     *
     * @param runner runs the model; nothing is recorded
     * @return figures by name for each example of the batch, in order; empty where there is nothing to compute ahead
     */
    default List<Map<String, Double>> ahead(Runner runner, Batch batch) {
        return List.of();
    }

    /** Whether {@link #ahead} has anything to compute. */
    default boolean looksAhead() {
        return false;
    }

    /**
     * Whether several examples may share one row, kept apart by {@code segments}.
     *
     * <p>If they may, they MUST come to what they come to in rows of their own (rule 13.12).
     */
    default boolean packable() {
        return false;
    }

    /**
     * What the objective itself learns or remembers in a run, such as a head that it alone reads: parameters and variables
     * without a patch. It is trained beside the methods and kept in {@link #stateFile}, next to the adapter. Called at most
     * once, before anything else is asked of this objective but examples.
     *
     * <p>Saved and loaded it MUST give the same loss, to the bit (rule 13.19).
     *
     * @param model the base as methods see it
     * @param context makes parameters, or gives them the values they were stored with
     * @return empty where there is nothing to learn
     */
    default Optional<Attachment> attach(ModelView model, AttachContext context) {
        return Optional.empty();
    }

    /** Name of the file beside an adapter that holds what {@link #attach} declared to be saved. */
    default String stateFile() {
        return "objective.safetensors";
    }

    /** Whether it learns from what the model itself answers, and in what portions; empty = from the data as they are. */
    default Optional<Rollouts> rollouts() {
        return Optional.empty();
    }

    /**
     * Has the model answer a portion of the data; nothing is recorded. The same model, examples and random numbers give the same
     * experience.
     *
     * <p>The same numbers MUST come to the same experience, and leave no arrays (rule 13.24); it MUST hold all that
     * the loss needs (rule 13.25).
     *
     * @param prompts as {@link #encode} made them
     * @throws ConfigurationException if the run cannot go on, for instance because the model has drifted too far
     */
    default Experience rollOut(Actor actor, List<Example> prompts, RandomStream random) {
        throw new UnsupportedOperationException("this objective learns from its data as they are");
    }

    /**
     * The loss of a batch.
     *
     * <p>It MUST be finite, and its weight above 0 (rule 13.07). Its gradient MUST agree with central differences
     * (rule 13.08). Sum, weight and metrics of a batch MUST be the sums of those of its examples, unless the
     * objective declares that it cannot accumulate (rule 13.09). Padding (rule 13.10) and the order of examples
     * (rule 13.11) MUST change nothing, and so MUST what the model says where no label is predicted (rule 13.13). No
     * array MUST be left (rule 13.15).
     */
    Loss loss(Runner runner, Batch batch);

    /** Whether {@link #sampledLoss} is there: whether the model's outputs are a distribution over answers. */
    default boolean samples() {
        return false;
    }

    /**
     * The loss of a batch whose answers are drawn from what the model predicts for its inputs, in place of those of the data:
     * the mean square of its gradient is the Fisher information. Weights and smoothing of the training loss are left out,
     * since this is a likelihood.
     *
     * <p>It MUST be the same for the same random numbers, and not for all others (rule 13.17).
     *
     * @param random what answers are drawn with
     */
    default Loss sampledLoss(Runner runner, Batch batch, RandomStream random) {
        throw new UnsupportedOperationException("this objective has no distribution to draw answers from");
    }

    /** A fresh evaluator. */
    Evaluator evaluator();

    /**
     * A fresh evaluator that calls classes by their names.
     *
     * @param labels class names in the order of their ids, as {@link #encode} was given them; empty where there are none
     */
    default Evaluator evaluator(List<String> labels) {
        return evaluator();
    }

    /**
     * What answers records whose label is not known; empty where the objective has no labels to give.
     *
     * @param labels class names in the order of their ids; empty where there are none
     */
    default Optional<Labeller> labeller(List<String> labels) {
        return Optional.empty();
    }
}
