package dev.graft.methods.lora;

import dev.graft.spi.format.PeftNames;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.model.Site;
import dev.graft.spi.model.Weight;
import dev.graft.spi.tensor.Initializer;

/** Base parameters that get a trainable value of their own. */
final class Replacement {
    private Replacement() {}

    /**
     * Replaces a parameter of a site.
     *
     * @param onDisk its name on disk without the common prefix
     * @param inModel its name at the site
     * @param base its value in the base
     */
    static Parameter of(Site site, String onDisk, String inModel, Weight base, AttachmentDraft draft) {
        Parameter parameter = draft.declare(site, onDisk, base.shape(), Initializer.of(base.tensor()));
        draft.patches().parameter(inModel, (pass, value) -> parameter.tensor().cast(value.dtype()));
        draft.merge(inModel, value -> parameter.tensor().detach());
        return parameter;
    }

    /**
     * Replaces the bias of a site. Where the model keeps it under the name of an outer module too (the bias of a masked
     * language model's decoder), both names are written and either is read.
     */
    static Parameter bias(Site site, String onDisk, Weight bias, AttachmentDraft draft) {
        String other = bias.name();
        boolean twoNames = !other.equals(site.name() + ".bias");
        String otherOnDisk = PeftNames.onDisk(other);
        boolean onlyOther = twoNames
                && draft.context().stored(otherOnDisk)
                && !draft.context().stored(PeftNames.onDisk(onDisk));
        Parameter parameter = of(site, onlyOther ? other : onDisk, other, bias, draft);
        if (twoNames && !onlyOther) {
            draft.context().ignore(otherOnDisk);
            draft.write(other, () -> parameter.tensor().detach());
        }
        return parameter;
    }
}
