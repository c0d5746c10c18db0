package dev.graft.standalone.inspect;

import dev.graft.kernel.adapter.AdapterStore;
import dev.graft.kernel.adapter.StoredAdapter;
import dev.graft.kernel.adapter.StoredAttachment;
import dev.graft.kernel.checkpoint.Checkpoint;
import dev.graft.kernel.plugin.Plugins;
import dev.graft.kernel.safetensors.TensorInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads what an adapter's files say; nothing is attached. */
public final class AdapterInspector {
    private final AdapterStore store;

    /** An inspector for the methods of a registry. */
    public AdapterInspector(Plugins plugins) {
        this.store = new AdapterStore(plugins);
    }

    /** The adapters of a directory by name; empty if it holds none. */
    public Map<String, Path> list(Path directory) {
        return store.list(directory);
    }

    /** What an adapter's base model was loaded from, if its files say so. */
    public Optional<String> basePath(Path directory) {
        try (StoredAdapter adapter = store.load(directory)) {
            return adapter.basePath();
        }
    }

    /**
     * Inspects a directory.
     *
     * @param base the base model's directory, to set the adapter's size against; empty where it is not known
     * @param everyTensor whether every tensor has a line of its own
     */
    public Inspection inspect(Path directory, Optional<Path> base, boolean everyTensor) {
        try (StoredAdapter adapter = store.load(directory)) {
            List<TensorInfo> tensors = new ArrayList<>();
            List<Map<String, Object>> attachments = new ArrayList<>();
            for (StoredAttachment attachment : adapter.attachments()) {
                tensors.addAll(attachment.weights().tensors());
                attachments.add(attachment(attachment));
            }
            long trainable = CheckpointInspector.parameters(tensors);
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("kind", "adapter");
            facts.put("path", directory.toString());
            facts.put("base_model", adapter.basePath().orElse("not said"));
            if (attachments.size() == 1) {
                facts.putAll(attachments.get(0));
            } else {
                facts.put("attachments", attachments);
            }
            facts.put("trainable_parameters", trainable);
            String closing = "";
            if (base.isPresent()) {
                long all = trainable + parameters(base.get());
                facts.put("all_parameters", all);
                facts.put("trainable_percent", 100.0 * trainable / all);
                closing = trainableLine(trainable, all);
            }
            return new Inspection(facts, everyTensor ? TensorGroup.single(tensors) : TensorGroup.of(tensors), closing);
        }
    }

    /** The line that people look for: {@code trainable params: 2,688 || all params: 23,440 || trainable%: 11.4676}. */
    public static String trainableLine(long trainable, long all) {
        return String.format(
                Locale.ROOT,
                "trainable params: %,d || all params: %,d || trainable%%: %.4f",
                trainable,
                all,
                all == 0 ? 0 : 100.0 * trainable / all);
    }

    private static Map<String, Object> attachment(StoredAttachment attachment) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("name", attachment.name());
        facts.put("method", attachment.method().id() + "@" + attachment.method().version());
        if (!attachment.tasks().isEmpty()) {
            facts.put("tasks", attachment.tasks());
        }
        facts.put("configuration", attachment.configuration());
        return facts;
    }

    private static long parameters(Path base) {
        try (Checkpoint checkpoint = Checkpoint.open(base)) {
            return CheckpointInspector.parameters(checkpoint.tensors());
        }
    }
}
