package dev.graft.models.bert;

import dev.graft.spi.model.Model;
import dev.graft.spi.model.ModelContext;
import dev.graft.spi.model.ModelProvider;
import dev.graft.spi.model.Task;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Offers BERT and RoBERTa. */
public final class BertProvider implements ModelProvider {
    private static final Map<String, String> CLASS_NAMES = Map.of("bert", "Bert", "roberta", "Roberta");
    private static final Map<Task, String> HEADS = Map.of(
            Task.MASKED_LM, "ForMaskedLM",
            Task.SEQ_CLS, "ForSequenceClassification",
            Task.TOKEN_CLS, "ForTokenClassification",
            Task.FEATURE_EXTRACTION, "Model");

    @Override
    public String id() {
        return "bert";
    }

    @Override
    public String summary() {
        return "BERT and RoBERTa encoders";
    }

    @Override
    public Set<String> modelTypes() {
        return CLASS_NAMES.keySet();
    }

    /** The task of a class; the head for pretraining counts as its masked language model. */
    @Override
    public Optional<Task> task(String architecture) {
        if (architecture.equals("BertForPreTraining")) {
            return Optional.of(Task.MASKED_LM);
        }
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
        return BertSites.assemble(context, architecture);
    }
}
