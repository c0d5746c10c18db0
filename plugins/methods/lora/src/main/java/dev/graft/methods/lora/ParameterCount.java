package dev.graft.methods.lora;

import dev.graft.spi.method.ModelView;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.NormSite;
import dev.graft.spi.model.Site;
import dev.graft.spi.model.Weight;
import java.util.List;
import java.util.Map;

/** Counts what a configuration trains, by formula: {@code r (in + out)} for each adapted layer, and what is beside it. */
final class ParameterCount {
    private final ModelView model;
    private final LoraConfig config;
    private final SavedModules saved;
    private final List<Site> targets;

    ParameterCount(ModelView model, LoraConfig config) {
        this.model = model;
        this.config = config;
        this.saved = SavedModules.of(model, config);
        this.targets = Targets.of(model, config, saved);
    }

    long total() {
        return targets.stream().mapToLong(this::update).sum()
                + model.sites().stream().mapToLong(this::beside).sum()
                + tokens();
    }

    private long update(Site site) {
        long rank = config.rank(site.name());
        if (site instanceof EmbeddingSite table) {
            long rows = table.weight().shape().size(0);
            long width = table.weight().shape().size(1);
            return rank * (rows + width) + (config.useDora() ? width : 0);
        }
        LinearSite layer = (LinearSite) site;
        long outputs = layer.outputs();
        return rank * (layer.inputs() + outputs) + (config.useDora() ? outputs : 0) + (config.loraBias() ? outputs : 0);
    }

    /** The whole parameters of a site that are trained. */
    private long beside(Site site) {
        Weight bias = TrainedBiases.of(site);
        if (saved.contains(site)) {
            return size(weight(site)) + size(bias);
        }
        boolean trained = config.bias() == LoraConfig.Bias.ALL
                || (config.bias() == LoraConfig.Bias.LORA_ONLY && targets.contains(site));
        return trained ? size(bias) : 0;
    }

    private long tokens() {
        Map<Site, List<Long>> ids = TokenIndices.read(model, config.trainableTokenIndices());
        TrainedTokens tokens = TrainedTokens.of(model, config, targets, saved);
        return ids.entrySet().stream()
                .filter(entry -> !(entry.getKey() instanceof LinearSite head && tokens.followsItsTable(head)))
                .mapToLong(entry -> entry.getValue().size() * width(entry.getKey()))
                .sum();
    }

    private static long width(Site site) {
        return site instanceof EmbeddingSite table ? table.weight().shape().size(1) : ((LinearSite) site).inputs();
    }

    private static Weight weight(Site site) {
        if (site instanceof LinearSite linear) {
            return linear.weight();
        }
        if (site instanceof EmbeddingSite table) {
            return table.weight();
        }
        return site instanceof NormSite norm ? norm.weight() : null;
    }

    private static long size(Weight weight) {
        return weight == null ? 0 : weight.shape().elements();
    }
}
