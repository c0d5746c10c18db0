package dev.graft.tck.bench;

import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.model.ModelLoader;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.model.Task;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.scorer.Judge;
import dev.graft.spi.scorer.Judges;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Judges that are tiny models: a checkpoint is called by the name of a tiny classifier, and an adapter by that of any tiny model, which
 * gets a head of so many outputs.
 *
 * @param bench what they run on
 */
public record TinyJudges(Bench bench) implements Judges {
    @Override
    public Judge upon(Path adapter, int outputs) {
        return judge(adapter, outputs, List.of());
    }

    @Override
    public Judge checkpoint(Path directory) {
        if (named(directory).task() != Task.SEQ_CLS) {
            throw new ConfigurationException(
                    directory + " is no model to score with, since it has no head per sequence");
        }
        return judge(directory, 0, List.of("a", "b", "c"));
    }

    private static TinyModel named(Path path) {
        Path name = path.getFileName();
        return TinyModel.named(name == null ? "" : name.toString());
    }

    private Judge judge(Path path, int outputs, List<String> labels) {
        ModelLoader.Options options =
                new ModelLoader.Options(DType.FLOAT32, Task.SEQ_CLS, outputs, false, bench.seed());
        LoadedModel model = bench.load(bench.checkpoint(named(path)), options);
        return new TinyJudge(model, outputs == 0 ? labels.size() : outputs, labels);
    }

    private static final class TinyJudge implements Judge {
        private final LoadedModel model;
        private final int outputs;
        private final List<String> labels;
        private final Tokenizer tokenizer = new TinyTokenizer();
        private boolean closed;

        TinyJudge(LoadedModel model, int outputs, List<String> labels) {
            this.model = model;
            this.outputs = outputs;
            this.labels = labels;
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
            return outputs;
        }

        @Override
        public int maxPositions() {
            return model.description().maxPositions();
        }

        @Override
        public float[][] outputs(List<int[]> sequences) {
            if (closed) {
                throw new IllegalStateException("the judge was closed");
            }
            return sequences.stream().map(this::outputs).toArray(float[][]::new);
        }

        private float[] outputs(int[] ids) {
            if (ids.length == 0 || ids.length > maxPositions()) {
                throw new IllegalArgumentException(
                        "a sequence of " + ids.length + " tokens; a judge reads 1 to " + maxPositions());
            }
            HostBatch batch = HostBatch.padded(List.of(Example.of(Sequence.of(ids, null))), 0, 1);
            try (Scope scope = model.tensors().scope()) {
                return model.tensors().withoutGradient(() -> {
                    float[] logits = model.forward(
                                    batch.toBatch(model.tensors()).input(),
                                    RowAssignment.base(),
                                    PassOptions.inference())
                            .logits()
                            .floats();
                    return Arrays.copyOf(logits, outputs);
                });
            }
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                model.close();
            }
        }
    }
}
