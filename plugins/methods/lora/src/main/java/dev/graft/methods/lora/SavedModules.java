package dev.graft.methods.lora;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.NormSite;
import dev.graft.spi.model.Site;
import dev.graft.spi.model.Task;
import dev.graft.spi.model.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Modules that are trained in full; a classification head always is.
 *
 * @param model the model
 * @param names what they end with
 */
record SavedModules(ModelView model, List<String> names) {
    /** What transformers calls the head of a model that classifies. */
    private static final List<String> HEADS = List.of("classifier", "score");

    /**
     * The modules of a configuration.
     *
     * @throws ConfigurationException if it names one that the model does not have
     */
    static SavedModules of(ModelView model, LoraConfig config) {
        for (String name : config.modulesToSave()) {
            boolean assumed = HEADS.contains(name) && classifies(model);
            if (!assumed && model.sites().stream().noneMatch(site -> inside(site.name(), List.of(name)))) {
                throw new ConfigurationException("modules_to_save names '" + name
                        + "', which this model does not have; its outermost modules" + " are " + outermost(model));
            }
        }
        return new SavedModules(model, names(model, config.modulesToSave()));
    }

    /** The names on disk for those a configuration holds. */
    static List<String> names(ModelView model, List<String> named) {
        List<String> all = new ArrayList<>(named);
        if (classifies(model)) {
            HEADS.stream().filter(head -> !all.contains(head)).forEach(all::add);
        }
        return List.copyOf(all);
    }

    /** Whether a site is one of the modules, or inside one. */
    boolean contains(Site site) {
        return inside(site.name(), names);
    }

    /** Gives every parameter of the modules a trainable value. A head tied to a table that is saved is parted from it. */
    void train(TiedHeads heads, AttachmentDraft draft) {
        for (Site site : model.sites()) {
            if (!contains(site)) {
                continue;
            }
            if (site instanceof LinearSite linear) {
                Replacement.of(site, site.name() + ".weight", TiedHeads.weightName(linear), linear.weight(), draft);
            } else if (site instanceof NormSite norm) {
                replaceWeight(site, norm.weight(), draft);
            } else if (site instanceof EmbeddingSite table) {
                replaceWeight(site, table.weight(), draft);
                heads.of(table).stream().filter(head -> !contains(head)).forEach(head -> part(head, draft));
            }
            Weight bias = TrainedBiases.of(site);
            if (bias != null) {
                ignoreCopies(site.name(), draft);
                Replacement.bias(site, site.name() + ".bias", bias, draft);
            }
        }
    }

    private static void replaceWeight(Site site, Weight weight, AttachmentDraft draft) {
        Replacement.of(site, site.name() + ".weight", weight.name(), weight, draft);
    }

    private static void part(LinearSite head, AttachmentDraft draft) {
        draft.patches().parameter(TiedHeads.weightName(head), (pass, base) -> base);
        draft.merge(TiedHeads.weightName(head), base -> base);
    }

    /** PEFT writes the biases of saved modules up to three times when it trains all biases. */
    private void ignoreCopies(String module, AttachmentDraft draft) {
        for (int end = module.length(); end > 0; end = module.lastIndexOf('.', end - 1)) {
            String outer = module.substring(0, end);
            if (names.stream().anyMatch(outer::endsWith)) {
                for (String copy : List.of(".modules_to_save", ".modules_to_save.default", ".original_module")) {
                    draft.context().ignore(AttachmentDraft.onDisk(outer + copy + module.substring(end) + ".bias"));
                }
            }
        }
    }

    private static boolean classifies(ModelView model) {
        Task task = model.description().task();
        return task == Task.SEQ_CLS || task == Task.TOKEN_CLS;
    }

    /** As in PEFT a name stands for every module whose name it ends. */
    private static boolean inside(String module, List<String> names) {
        for (int end = module.length(); end > 0; end = module.lastIndexOf('.', end - 1)) {
            String outer = module.substring(0, end);
            if (names.stream().anyMatch(outer::endsWith)) {
                return true;
            }
        }
        return false;
    }

    private static List<String> outermost(ModelView model) {
        return Stream.concat(
                        model.sites().stream().map(site -> site.name().split("\\.", 2)[0]),
                        Targets.endings(model.sites(EmbeddingSite.class)).stream())
                .distinct()
                .sorted()
                .toList();
    }
}
