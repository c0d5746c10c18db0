package dev.graft.spi.method;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.NormSite;
import dev.graft.spi.model.Site;
import dev.graft.spi.model.Task;
import dev.graft.spi.model.Weight;
import dev.graft.spi.tensor.Initializer;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * Modules that learn in full beside a technique, such as the head of a classifier: each of their parameters is replaced
 * by a trainable copy that begins with the value of the base.
 *
 * @param names what the modules' names end with, as in PEFT's {@code modules_to_save}
 */
public record FullModules(List<String> names) {
    /** What transformers calls the head of a model that classifies. */
    private static final List<String> HEADS = List.of("classifier", "score");

    /** Copies the list. */
    public FullModules {
        names = List.copyOf(names);
    }

    /** The head of a model that classifies, which every technique trains along; nothing for other models. */
    public static FullModules heads(ModelView model) {
        Task task = model.description().task();
        return new FullModules(task == Task.SEQ_CLS || task == Task.TOKEN_CLS ? HEADS : List.of());
    }

    /** Whether names are all names of the head of a model that classifies. */
    public static boolean areHeads(Collection<?> names) {
        return HEADS.containsAll(names);
    }

    /**
     * The modules that {@code modules_to_save} names, and the head of a model that classifies.
     *
     * @throws ConfigurationException if it names one that the model does not have
     */
    public static FullModules of(ModelView model, List<String> named) {
        List<String> heads = heads(model).names();
        for (String name : named) {
            FullModules one = new FullModules(List.of(name));
            if (!heads.contains(name) && model.sites().stream().noneMatch(one::contains)) {
                throw new ConfigurationException("modules_to_save names '" + name
                        + "', which this model does not have; its outermost modules are "
                        + outermost(model));
            }
        }
        return new FullModules(
                Stream.concat(named.stream(), heads.stream()).distinct().toList());
    }

    private static List<String> outermost(ModelView model) {
        Stream<String> first = model.sites().stream().map(site -> site.name().split("\\.", 2)[0]);
        Stream<String> tables = model.sites(EmbeddingSite.class)
                .map(site -> site.name().substring(site.name().lastIndexOf('.') + 1));
        return Stream.concat(first, tables).distinct().sorted().toList();
    }

    /** Whether a site is one of the modules, or inside one. */
    public boolean contains(Site site) {
        String module = site.name();
        for (int end = module.length(); end > 0; end = module.lastIndexOf('.', end - 1)) {
            String outer = module.substring(0, end);
            if (names.stream().anyMatch(outer::endsWith)) {
                return true;
            }
        }
        return false;
    }

    /** Number of elements of the modules' parameters. */
    public long elements(ModelView model) {
        return model.sites().stream()
                .filter(this::contains)
                .mapToLong(site -> elements(weight(site)) + elements(bias(site)))
                .sum();
    }

    /**
     * Has every parameter of the modules learn, kept under its name on disk. A head that shares the weight of a table
     * among them keeps that of the base, as in PEFT.
     */
    public void train(ModelView model, AttachmentBuilder attachment, ParameterSpec.Storage storage) {
        for (Site site : model.sites()) {
            if (contains(site)) {
                replace(site, ".weight", weight(site), attachment, storage);
                replace(site, ".bias", bias(site), attachment, storage);
                if (site instanceof EmbeddingSite table) {
                    part(table, model, attachment);
                }
            }
        }
    }

    private void part(EmbeddingSite table, ModelView model, AttachmentBuilder attachment) {
        model.linears()
                .filter(head -> head.weight().name().equals(table.weight().name()) && !contains(head))
                .forEach(head -> {
                    attachment.patches().parameter(head.name() + ".weight", (pass, base) -> base);
                    attachment.merge(head.name() + ".weight", base -> base);
                });
    }

    private static void replace(
            Site site, String ending, Weight base, AttachmentBuilder attachment, ParameterSpec.Storage storage) {
        if (base == null) {
            return;
        }
        String name = site.name() + ending;
        Parameter parameter = attachment.declare(
                ParameterSpec.of(attachment.onDisk(name), base.shape(), Initializer.of(base.tensor()), site.layer())
                        .in(storage));
        attachment.patches().parameter(name, (pass, value) -> parameter.tensor().cast(value.dtype()));
        attachment.merge(name, value -> parameter.tensor().detach());
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

    private static Weight bias(Site site) {
        if (site instanceof LinearSite linear) {
            return linear.bias();
        }
        return site instanceof NormSite norm ? norm.bias() : null;
    }

    private static long elements(Weight weight) {
        return weight == null ? 0 : weight.shape().elements();
    }
}
