package dev.graft.models.gpt2;

import dev.graft.spi.model.Model;
import dev.graft.spi.model.ModelContext;
import dev.graft.spi.model.ModelProvider;
import dev.graft.spi.model.Task;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Offers GPT-2. */
public final class Gpt2Provider implements ModelProvider {
    private static final Map<Task, String> ARCHITECTURES = Map.of(
            Task.CAUSAL_LM, "GPT2LMHeadModel",
            Task.SEQ_CLS, "GPT2ForSequenceClassification",
            Task.TOKEN_CLS, "GPT2ForTokenClassification",
            Task.FEATURE_EXTRACTION, "GPT2Model");

    @Override
    public String id() {
        return "gpt2";
    }

    @Override
    public String summary() {
        return "GPT-2 decoders";
    }

    @Override
    public Set<String> modelTypes() {
        return Set.of("gpt2");
    }

    @Override
    public Optional<Task> task(String architecture) {
        return ARCHITECTURES.entrySet().stream()
                .filter(entry -> entry.getValue().equals(architecture))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    @Override
    public Optional<String> architecture(String modelType, Task task) {
        return Optional.ofNullable(ARCHITECTURES.get(task));
    }

    @Override
    public Model create(ModelContext context) {
        String architecture =
                architecture(context.config().modelType(), context.task()).orElse("");
        return Gpt2Sites.assemble(context, architecture);
    }
}
