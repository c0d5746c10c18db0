package dev.graft.methods.sparse;

import dev.graft.spi.format.PeftNames;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.AttachmentBuilder;
import dev.graft.spi.method.FullModules;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterPatch;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.method.ParameterSpec.Storage;
import dev.graft.spi.method.TargetedParameters;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the mask is chosen by: a change of every targeted element, zero at first, and a head of its own, so that the
 * sparse phase begins with the base, the new head and an empty optimizer. It exists for the run alone.
 *
 * @param changes a change for each targeted parameter, in its shape
 * @param heads the head that learns in the trial, as an attachment of its own
 */
record DenseTrial(List<Parameter> changes, Attachment heads) {
    private static final String PREFIX = "trial.";

    /**
     * Declares a trial.
     *
     * @param learns whether the trial learns, and needs a head for that
     */
    static DenseTrial declare(ModelView model, TargetedParameters targets, AttachContext context, boolean learns) {
        List<Parameter> changes = new ArrayList<>();
        for (TargetedParameters.Target target : targets.all()) {
            changes.add(context.parameter(ParameterSpec.of(
                            PREFIX + target.name(), target.weight().shape(), Initializer.constant(0), target.layer())
                    .in(Storage.RUN)));
        }
        AttachmentBuilder heads = new AttachmentBuilder(context, name -> PREFIX + name);
        if (learns) {
            FullModules.heads(model).train(model, heads, Storage.RUN);
        }
        return new DenseTrial(List.copyOf(changes), heads.build());
    }

    /** Everything that learns in the trial. */
    List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>(changes);
        all.addAll(heads.parameters());
        return all;
    }

    /** A targeted parameter with its change. */
    Tensor apply(int parameter, Tensor base) {
        return base.add(changes.get(parameter).tensor().cast(base.dtype()));
    }

    /** The head's patch for one of its parameters. */
    ParameterPatch head(String name) {
        return heads.patches().parameter().get(name);
    }

    /** The head of the trial by the names on disk that the adapter's own head has. */
    Map<String, Tensor> headState() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        for (Parameter parameter : heads.parameters()) {
            String name = parameter.name().substring(PREFIX.length());
            state.put(PeftNames.onDisk(name), parameter.tensor().detach());
        }
        return state;
    }
}
