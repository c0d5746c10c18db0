package dev.graft.kernel.verify;

import dev.graft.kernel.safetensors.EngineArrays;
import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.kernel.safetensors.TensorData;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.model.Input;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;

/** The inputs and outputs that a case expects. */
final class Reference implements AutoCloseable {
    private final SafetensorsFile file;
    private final GraftTensors tensors;

    Reference(GraftTensors tensors, Path directory) {
        this.tensors = tensors;
        this.file = SafetensorsFile.open(directory.resolve("expected.safetensors"));
    }

    /** Whether the expected outputs of a case hold all of these tensors. */
    static boolean holds(Path directory, Collection<String> names) {
        try (SafetensorsFile file = SafetensorsFile.open(directory.resolve("expected.safetensors"))) {
            return file.contents().keySet().containsAll(names);
        }
    }

    boolean has(String name) {
        return file.find(name).isPresent();
    }

    Set<String> names() {
        return file.contents().keySet();
    }

    /** A tensor of the file, in the current scope. */
    Tensor tensor(String name) {
        if (!has(name)) {
            throw new ConfigurationException(file.path() + " lacks the tensor '" + name + "' of a reference case");
        }
        TensorData data = file.tensor(name);
        return tensors.wrap(EngineArrays.copy(tensors.engine(), data));
    }

    /** Token ids or labels. */
    Tensor integers(String name) {
        return tensor(name).cast(DType.INT64);
    }

    float[] floats(String name) {
        try (Scope scope = tensors.scope()) {
            return tensor(name).floats();
        }
    }

    double[] doubles(String name) {
        try (Scope scope = tensors.scope()) {
            Tensor tensor = tensor(name);
            double[] values = new double[Math.toIntExact(tensor.shape().elements())];
            Tensor flat = tensor.reshape(-1);
            for (int i = 0; i < values.length; i++) {
                values[i] = flat.slice(0, i, i + 1L).item();
            }
            return values;
        }
    }

    /** Which elements of an expected tensor of logits are compared. */
    boolean[] compared(String logits) {
        try (Scope scope = tensors.scope()) {
            return compared(tensor(logits));
        }
    }

    Input input() {
        return input("");
    }

    /** The input of one of several batches, by what the names of its tensors begin with. */
    Input input(String batch) {
        String mask = batch + "attention_mask";
        return Input.of(integers(batch + "input_ids"), has(mask) ? integers(mask) : null);
    }

    /**
     * Which elements of logits are compared: those of unpadded tokens, and of virtual tokens in front of them.
     *
     * @param logits the expected logits
     */
    boolean[] compared(Tensor logits) {
        boolean[] compared = new boolean[Math.toIntExact(logits.shape().elements())];
        Arrays.fill(compared, true);
        if (logits.shape().rank() < 3 || !has("attention_mask")) {
            return compared;
        }
        Tensor mask = integers("attention_mask");
        long[] real = mask.longs();
        int tokens = Math.toIntExact(mask.size(1));
        int length = Math.toIntExact(logits.size(1));
        int width = Math.toIntExact(logits.size(2));
        int virtual = length - tokens;
        for (int i = 0; i < compared.length; i++) {
            int slot = i / width % length;
            int row = i / width / length;
            compared[i] = slot < virtual || real[row * tokens + slot - virtual] != 0;
        }
        return compared;
    }

    @Override
    public void close() {
        file.close();
    }
}
