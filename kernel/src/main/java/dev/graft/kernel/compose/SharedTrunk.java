package dev.graft.kernel.compose;

import dev.graft.spi.method.FullModules;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.model.Input;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.Model;
import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.model.NormSite;
import dev.graft.spi.model.Output;
import dev.graft.spi.model.Pass;
import dev.graft.spi.model.Site;
import dev.graft.spi.model.Task;
import dev.graft.spi.model.Weight;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What models on the same weights have in common: the sites that each of them has under the same name with the same weights.
 * Heads that classify are no part of it, since each model's answers another question. What is attached to the trunk may run
 * in each of the models.
 */
final class SharedTrunk implements Model {
    private final Model first;
    private final ModelDescription description;
    private final List<Site> sites;

    /**
     * The trunk of models.
     *
     * @param models at least one
     */
    SharedTrunk(List<Model> models) {
        this.first = models.get(0);
        this.description = models.stream()
                .map(Model::description)
                .filter(one -> !classifies(one.task()))
                .findFirst()
                .orElseGet(() -> headless(first.description()));
        this.sites = first.sites().stream()
                .filter(site -> models.stream().allMatch(model -> has(model, site)))
                .toList();
    }

    @Override
    public ModelDescription description() {
        return description;
    }

    @Override
    public List<Site> sites() {
        return sites;
    }

    @Override
    public Output forward(Pass pass, Input input) {
        return first.forward(pass, input);
    }

    private static boolean classifies(Task task) {
        return task == Task.SEQ_CLS || task == Task.TOKEN_CLS;
    }

    private static ModelDescription headless(ModelDescription one) {
        return new ModelDescription(
                one.modelType(),
                one.architecture(),
                Task.FEATURE_EXTRACTION,
                one.layers(),
                one.hidden(),
                one.heads(),
                one.keyHeads(),
                one.headSize(),
                one.vocabulary(),
                one.maxPositions(),
                0,
                one.padToken());
    }

    private static boolean has(Model model, Site site) {
        Optional<Site> same = model.sites().stream()
                .filter(other -> other.name().equals(site.name()))
                .filter(other -> other.getClass().equals(site.getClass()))
                .findFirst();
        boolean head = FullModules.heads(new ModelView(model.description(), model.sites()))
                .contains(site);
        return !head && same.isPresent() && weights(same.get()).equals(weights(site));
    }

    private static List<FrozenWeight> weights(Site site) {
        if (site instanceof LinearSite linear) {
            return weights(linear.weight(), linear.bias());
        }
        if (site instanceof EmbeddingSite embedding) {
            return weights(embedding.weight(), null);
        }
        return site instanceof NormSite norm ? weights(norm.weight(), norm.bias()) : List.of();
    }

    private static List<FrozenWeight> weights(Weight weight, Weight bias) {
        return Stream.of(weight, bias)
                .filter(Objects::nonNull)
                .map(FrozenWeights::frozen)
                .toList();
    }
}
