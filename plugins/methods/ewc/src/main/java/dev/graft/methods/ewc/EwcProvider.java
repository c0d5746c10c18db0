package dev.graft.methods.ewc;

import dev.graft.methods.ewc.EwcConfig.Mode;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.format.RecipeFormat;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.SequenceCheck;
import dev.graft.spi.plugin.Documentation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Offers elastic weight consolidation. */
public final class EwcProvider implements MethodProvider<EwcConfig> {
    private static final AdapterFormat FORMAT =
            new RecipeFormat("GRAFT_EWC", Set.of("mode", "lambda", "gamma", "fisher", "fisher_examples"));

    @Override
    public String id() {
        return "ewc";
    }

    @Override
    public String summary() {
        return "Learns a task after others without forgetting them: what they need stays near where it was";
    }

    @Override
    public Class<EwcConfig> configuration() {
        return EwcConfig.class;
    }

    @Override
    public Documentation documentation() {
        return new Documentation(
                "Stands in a recipe after the methods that learn. When a run ends it keeps their values and how much the"
                        + " task depends on each of them, the diagonal of the Fisher information; the next run, which"
                        + " goes on from that adapter, is pulled back where an earlier task depends on a value and free"
                        + " where none does.",
                "L = L_task + lambda/2 sum_t sum_i F_t,i (theta_i - theta*_t,i)^2; F_t,i = 1/N sum_n (d log p(y_n | x_n) /"
                        + " d theta_i)^2 at theta*_t; online: one anchor, the latest, and F = gamma F + F_t",
                "Kirkpatrick et al. 2017, Overcoming catastrophic forgetting in neural networks; Schwarz et al. 2018,"
                        + " Progress and Compress (online EWC)",
                "Tasks that come one after the other and whose data cannot be kept. Where it can, train on all of it"
                        + " together; where each task may have an adapter of its own, give it one. Online keeps the cost"
                        + " of many tasks at that of one.",
                "none of its own; it acts on those of the methods before it",
                "adapter_config.json with peft_type GRAFT_EWC; adapter_model.safetensors with, for every earlier task"
                        + " and every parameter held, task.<n>.fisher.<adapter>.<parameter> and"
                        + " task.<n>.anchor.<adapter>.<parameter>, in the parameter's shape");
    }

    @Override
    public AdapterFormat format() {
        return FORMAT;
    }

    @Override
    public long trainableParameters(ModelView model, EwcConfig configuration) {
        return 0;
    }

    @Override
    public Attachment attach(ModelView model, EwcConfig configuration, AttachContext context) {
        List<Watched> watched = Watched.of(context.companions());
        if (watched.isEmpty()) {
            throw new ConfigurationException("method '" + context.name() + "' has nothing to hold on to: ewc must stand"
                    + " after the methods that learn, in the recipe or in the directory it is loaded from");
        }
        List<EarlierTask> earlier = EarlierTask.stored(context, watched);
        if (configuration.mode() == Mode.ONLINE && earlier.size() > 1) {
            throw new ConfigurationException("mode is online, which keeps all earlier tasks in one, but there are "
                    + earlier.size() + " of them here, which were kept with mode separate");
        }
        return new EwcAttachment(configuration, context.tensors(), watched, earlier);
    }

    @Override
    public Optional<SequenceCheck> check(Map<String, Object> description) {
        return ReferenceNames.check(description);
    }
}
