package dev.graft.tck.objective;

import dev.graft.kernel.data.HostBatch;
import dev.graft.spi.engine.Losses;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.Input;
import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.model.Output;
import dev.graft.spi.model.Task;
import dev.graft.spi.objective.Actor;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.Optional;

/**
 * A runner whose last hidden states are other ones at some tokens.
 *
 * @param runner what really runs
 * @param noise for each token, by rows, what is added to its hidden state
 */
record Disturbed(Runner runner, double[] noise) implements Runner {
    /**
     * Noise wherever no label is predicted: a decoder predicts a label at the token before it, in a branch's first token at the
     * trunk's last; other models predict it where it stands.
     */
    static double[] idle(ObjectiveStage stage, HostBatch batch) {
        boolean shifted = stage.objective().task() == Task.CAUSAL_LM;
        double[] noise = new double[batch.ids().length];
        Arrays.fill(noise, 1);
        for (int row = 0; row < batch.rows(); row++) {
            int trunk = 0;
            for (int slot = 0; slot < batch.length(); slot++) {
                int at = row * batch.length() + slot;
                long branch = batch.branches() == null ? 0 : batch.branches()[at];
                trunk = branch == 0 ? slot : trunk;
                boolean begins = slot > 0 && branch > 0 && branch != batch.branches()[at - 1];
                int predicting = shifted ? (begins ? trunk : slot - 1) : slot;
                if (batch.labels()[at] != Losses.IGNORED && predicting >= 0) {
                    noise[row * batch.length() + predicting] = 0;
                }
            }
        }
        return noise;
    }

    private Output disturbed(Output output) {
        Shape shape = Shape.of(output.hidden().size(0), output.hidden().size(1), 1);
        return new Output(
                output.pass(),
                output.hidden()
                        .add(tensors().of(noise, shape).cast(output.hidden().dtype())),
                output.beforeVocabulary(),
                output.vocabulary(),
                output.head());
    }

    @Override
    public Tensors tensors() {
        return runner.tensors();
    }

    @Override
    public ModelDescription model() {
        return runner.model();
    }

    @Override
    public Output forward(Input input) {
        return disturbed(runner.forward(input));
    }

    @Override
    public Output reference(Input input) {
        return disturbed(runner.reference(input));
    }

    @Override
    public Optional<Actor> actor() {
        return runner.actor();
    }
}
