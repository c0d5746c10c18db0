package dev.graft.methods.full;

import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.NormSite;
import dev.graft.spi.model.Site;
import dev.graft.spi.model.Weight;
import java.util.ArrayList;
import java.util.List;

/** The parameters behind a site. */
final class BaseParameters {
    /**
     * One of them.
     *
     * @param weight its value in the base
     * @param decays whether weight decay applies; by custom not to biases and norms
     */
    record BaseParameter(Weight weight, boolean decays) {}

    private BaseParameters() {}

    /** Weight and bias of a site, as far as it has them. */
    static List<BaseParameter> of(Site site) {
        List<BaseParameter> parameters = new ArrayList<>();
        if (site instanceof LinearSite linear) {
            parameters.add(new BaseParameter(linear.weight(), true));
            addBias(parameters, linear.bias());
        } else if (site instanceof EmbeddingSite embedding) {
            parameters.add(new BaseParameter(embedding.weight(), true));
        } else if (site instanceof NormSite norm) {
            parameters.add(new BaseParameter(norm.weight(), false));
            addBias(parameters, norm.bias());
        }
        return parameters;
    }

    private static void addBias(List<BaseParameter> parameters, Weight bias) {
        if (bias != null) {
            parameters.add(new BaseParameter(bias, false));
        }
    }
}
