package dev.graft.models.llama;

import dev.graft.spi.model.Model;
import dev.graft.spi.model.ModelContext;
import dev.graft.spi.model.ModelProvider;
import dev.graft.spi.model.Task;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Offers Llama, Mistral, Qwen2 and Qwen3. */
public final class LlamaProvider implements ModelProvider {
    private static final Map<String, String> CLASS_NAMES =
            Map.of("llama", "Llama", "mistral", "Mistral", "qwen2", "Qwen2", "qwen3", "Qwen3");
    private static final Map<Task, String> HEADS = Map.of(
            Task.CAUSAL_LM, "ForCausalLM",
            Task.SEQ_CLS, "ForSequenceClassification",
            Task.TOKEN_CLS, "ForTokenClassification",
            Task.FEATURE_EXTRACTION, "Model");

    @Override
    public String id() {
        return "llama";
    }

    @Override
    public String summary() {
        return "Llama, Mistral, Qwen2 and Qwen3 decoders";
    }

    @Override
    public Set<String> modelTypes() {
        return CLASS_NAMES.keySet();
    }

    @Override
    public Optional<Task> task(String architecture) {
        for (String family : CLASS_NAMES.values()) {
            for (Map.Entry<Task, String> head : HEADS.entrySet()) {
                if (architecture.equals(family + head.getValue())) {
                    return Optional.of(head.getKey());
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<String> architecture(String modelType, Task task) {
        return Optional.ofNullable(HEADS.get(task)).map(head -> CLASS_NAMES.get(modelType) + head);
    }

    @Override
    public Model create(ModelContext context) {
        String architecture =
                architecture(context.config().modelType(), context.task()).orElse("");
        return LlamaSites.assemble(context, architecture);
    }
}
