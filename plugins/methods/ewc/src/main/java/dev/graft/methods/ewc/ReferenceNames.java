package dev.graft.methods.ewc;

import dev.graft.spi.engine.Shape;
import dev.graft.spi.format.PeftNames;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.SequenceCheck;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What reference cases of elastic weight consolidation call their values. */
final class ReferenceNames {
    private static final String FISHER = "fisher.";

    private ReferenceNames() {}

    /** How a case is checked that says its {@code lambda} and whose whole model trains. */
    static Optional<SequenceCheck> check(Map<String, Object> description) {
        return description.get("lambda") instanceof Number lambda && description.containsKey("optimizer")
                ? Optional.of(new SequenceCheck(
                        "full",
                        Map.of("lambda", lambda.doubleValue()),
                        "a_",
                        "b_",
                        ReferenceNames::known,
                        "task_losses",
                        "penalties"))
                : Optional.empty();
    }

    /** The Fisher information of every parameter of the model by name, and {@code fisher_sum} over all of them. */
    private static Map<String, Tensor> known(Attachment attachment) {
        Map<String, Tensor> known = new LinkedHashMap<>();
        EwcAttachment ewc = (EwcAttachment) attachment;
        Tensors tensors = ewc.tensors();
        double sum = 0;
        for (Map.Entry<Watched, LearnedTask.Values> entry :
                ewc.learned().values().entrySet()) {
            String name = PeftNames.inModel(entry.getKey().parameter().name());
            known.put(FISHER + name, entry.getValue().fisher(tensors));
            for (float value : entry.getValue().fisher()) {
                sum += value;
            }
        }
        known.put("fisher_sum", tensors.of(new float[] {(float) sum}, Shape.of(1)));
        return known;
    }
}
