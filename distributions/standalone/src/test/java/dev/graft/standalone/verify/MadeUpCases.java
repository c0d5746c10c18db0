package dev.graft.standalone.verify;

import dev.graft.kernel.checkpoint.CheckpointWriter;
import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.model.ModelLoader;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.recipe.PluginInstances;
import dev.graft.kernel.recipe.PluginSection;
import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.kernel.safetensors.SafetensorsWriter;
import dev.graft.kernel.safetensors.TensorData;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.kernel.train.OptimizerStep;
import dev.graft.kernel.train.TrainedParameters;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.Progress;
import dev.graft.spi.model.Task;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.optimizer.Optimizer;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A checkpoint {@code models/small} and an adapter {@code peft/lora-small} with what they compute and how the adapter
 * trains, in the layout of reference cases.
 *
 * @param adapter the adapter's folder
 * @param expected its expectations
 * @param trained its tensors after training
 */
record MadeUpCases(Path adapter, Map<String, TensorData> expected, Map<String, TensorData> trained) {
    private static final int STEPS = 3;
    private static final Map<String, Object> CONFIG =
            JsonFile.parse("""
            {"architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "vocab_size": 24,
             "n_embd": 8, "n_head": 2, "n_layer": 1, "n_positions": 16, "initializer_range": 0.4,
             "resid_pdrop": 0, "embd_pdrop": 0, "attn_pdrop": 0}
            """.getBytes(StandardCharsets.UTF_8), "config.json");

    private static final HostBatch BATCH =
            HostBatch.padded(List.of(example(3, 1, 4, 1, 5, 9), example(2, 6, 5, 3, 5, 8)), 0, 1);

    private static Example example(int... ids) {
        return Example.of(Sequence.of(ids, ids.clone()));
    }

    static MadeUpCases write(PluginRegistry registry, Path root) {
        PluginInstances plugins = new PluginInstances(registry);
        Path base = root.resolve("models/small");
        Path adapter = root.resolve("peft/lora-small");
        try (Engine engine = plugins.engine(new PluginSection("torch", Map.of("threads", 1)))) {
            GraftTensors tensors = new GraftTensors(engine);
            JsonFile.write(root.resolve("models/drawn/config.json"), CONFIG);
            ModelLoader.Options drawn = new ModelLoader.Options(DType.FLOAT32, Task.CAUSAL_LM, 0, true, 5);
            try (LoadedModel model = new ModelLoader(registry, tensors).load(root.resolve("models/drawn"), drawn)) {
                Map<String, TensorData> weights = new LinkedHashMap<>();
                model.weights()
                        .all()
                        .forEach(weight -> weights.put(
                                model.storedName(weight),
                                TensorData.of(weight.shape(), weight.tensor().floats())));
                CheckpointWriter.write(base, CONFIG, weights, List.of(), CheckpointWriter.DEFAULT_SHARD_BYTES);
                Map<String, TensorData> expected = new LinkedHashMap<>();
                expected.put("input_ids", floats(BATCH.ids()));
                expected.put("labels", floats(BATCH.labels()));
                expected.put("logits", logits(model, List.of()));
                SafetensorsWriter.write(base.resolve("expected.safetensors"), expected);
                Map<String, TensorData> trained = train(registry, model, adapter, expected);
                SafetensorsWriter.write(adapter.resolve("expected.safetensors"), expected);
                return new MadeUpCases(adapter, expected, trained);
            }
        }
    }

    private static Map<String, TensorData> train(
            PluginRegistry registry, LoadedModel model, Path directory, Map<String, TensorData> expected) {
        AttachedAdapter adapter = attach(model, registry.method("lora"));
        PluginInstances plugins = new PluginInstances(registry);
        AdapterLoader loader = new AdapterLoader(registry);
        Objective objective = plugins.objective(new PluginSection("causal-lm", Map.of()));
        try (Optimizer optimizer = plugins.optimizer(new PluginSection("adamw", Map.of("weight_decay", 0.01)))) {
            TrainedParameters parameters = new TrainedParameters(List.of(adapter));
            OptimizerStep step =
                    new OptimizerStep(new OptimizerStep.Setting(model, parameters, objective, optimizer, 0, false));
            loader.save(directory, "small", model, List.of(adapter));
            JsonFile.write(
                    directory.resolve("case.json"),
                    Map.of(
                            "base_model",
                            "small",
                            "optimizer",
                            "AdamW lr=0.01 betas=(0.9,0.999) eps=1e-8 weight_decay=0.01",
                            "trainable_parameters",
                            parameters.elements()));
            List<Double> losses = new ArrayList<>();
            for (int i = 0; i <= STEPS; i++) {
                if (i == STEPS) {
                    expected.put("trained_logits", logits(model, List.of(adapter)));
                    loader.save(directory.resolveSibling(".trained"), "small", model, List.of(adapter));
                }
                OptimizerStep.Result result = step.take(
                        List.of(BATCH::toBatch), layer -> 0.01, new Progress(i, STEPS, 0, 1), RandomStream.seeded(i));
                losses.add(result.loss());
                if (i == 0) {
                    expected.put("grad_norm_step0", TensorData.of(Shape.of(1), (float) result.gradientNorm()));
                }
            }
            float[] values = new float[losses.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = losses.get(i).floatValue();
            }
            expected.put("losses", TensorData.of(Shape.of(values.length), values));
        } finally {
            adapter.release();
        }
        Path file = directory.resolve("trained.safetensors");
        move(directory.resolveSibling(".trained").resolve("adapter_model.safetensors"), file);
        return read(file);
    }

    private static <C extends Record> AttachedAdapter attach(LoadedModel model, MethodProvider<C> lora) {
        C configuration = ConfigurationBinder.bind(
                lora.configuration(), Map.of("r", 2, "target_modules", List.of("c_attn")), "method");
        return AdapterBuilder.attach(model, lora, configuration, AdapterBuilder.Setting.fresh("small", 1));
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, TensorData> read(Path file) {
        Map<String, TensorData> copies = new LinkedHashMap<>();
        try (SafetensorsFile opened = SafetensorsFile.open(file)) {
            opened.contents().forEach((name, data) -> copies.put(name, TensorData.of(data.shape(), values(data))));
        }
        return copies;
    }

    private static TensorData logits(LoadedModel model, List<AttachedAdapter> adapters) {
        GraftTensors tensors = model.tensors();
        try (Scope scope = tensors.scope()) {
            Tensor logits = tensors.withoutGradient(() -> model.forward(
                            BATCH.toBatch(tensors).input(), RowAssignment.all(adapters), PassOptions.inference())
                    .logits());
            return TensorData.of(logits.shape(), logits.floats());
        }
    }

    private static TensorData floats(long[] integers) {
        float[] values = new float[integers.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = integers[i];
        }
        return TensorData.of(Shape.of(BATCH.rows(), BATCH.length()), values);
    }

    private static float[] values(TensorData data) {
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(4 * data.shape().elements()))
                .order(ByteOrder.LITTLE_ENDIAN);
        data.elements().forEachPiece(all::put);
        float[] values = new float[all.position() / 4];
        all.flip();
        all.asFloatBuffer().get(values);
        return values;
    }

    /** A tensor with one element multiplied, or put off by the factor where it is 0. */
    static TensorData withElement(TensorData data, int index, float factor) {
        float[] values = values(data);
        int at = Math.min(index, values.length - 1);
        values[at] = Math.abs(values[at]) < 0.1f ? values[at] + factor : values[at] * factor;
        return TensorData.of(data.shape(), values);
    }
}
