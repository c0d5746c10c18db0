package dev.graft.kernel.model;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.data.BatchStream;
import dev.graft.kernel.data.DataLoader;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.scorer.Judge;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A loaded model as a judge. */
final class ModelJudge implements Judge {
    private static final int BATCH = 16;

    private final LoadedModel model;
    private final List<AttachedAdapter> adapters;
    private final Tokenizer tokenizer;
    private final List<String> labels;
    private final List<AutoCloseable> owned;
    private boolean closed;

    /**
     * A judge.
     *
     * @param labels names of the outputs, or none
     * @param owned what is closed with it, in order
     */
    ModelJudge(
            LoadedModel model,
            List<AttachedAdapter> adapters,
            Tokenizer tokenizer,
            List<String> labels,
            List<AutoCloseable> owned) {
        this.model = model;
        this.adapters = List.copyOf(adapters);
        this.tokenizer = tokenizer;
        this.labels = List.copyOf(labels);
        this.owned = List.copyOf(owned);
    }

    /** Names of layers of the head whose weights were drawn at random and that no adapter stands in for. */
    List<String> untrained() {
        return model.view()
                .linears()
                .filter(site ->
                        site.role() == LinearSite.Role.HEAD && site.weight().fresh() && !replaced(site))
                .map(LinearSite::name)
                .toList();
    }

    private boolean replaced(LinearSite site) {
        return adapters.stream()
                .anyMatch(adapter -> adapter.attachment().patches().parameter().containsKey(site.name() + ".weight"));
    }

    @Override
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    @Override
    public List<String> labels() {
        return labels;
    }

    @Override
    public int outputs() {
        return model.view()
                .linears()
                .reduce((first, last) -> last)
                .map(LinearSite::outputs)
                .orElse(0);
    }

    @Override
    public int maxPositions() {
        return model.description().maxPositions();
    }

    @Override
    public float[][] outputs(List<int[]> sequences) {
        GraftTensors tensors = model.tensors();
        List<Example> examples = sequences.stream()
                .map(ids -> Example.of(Sequence.of(ids, null)))
                .toList();
        int padToken = DataLoader.padToken(tokenizer, model.description());
        List<float[]> rows = new ArrayList<>();
        for (HostBatch batch : BatchStream.once(examples, BATCH, padToken)) {
            try (Scope scope = tensors.scope()) {
                float[] flat = tensors.withoutGradient(() -> model.forward(
                                batch.toBatch(tensors).input(), RowAssignment.all(adapters), PassOptions.inference())
                        .logits()
                        .floats());
                int width = flat.length / batch.rows();
                for (int row = 0; row < batch.rows(); row++) {
                    rows.add(Arrays.copyOfRange(flat, row * width, (row + 1) * width));
                }
            }
        }
        return rows.toArray(float[][]::new);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        adapters.forEach(AttachedAdapter::release);
        for (AutoCloseable part : owned) {
            try {
                part.close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
