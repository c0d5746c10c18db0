package dev.graft.methods.lora;

import dev.graft.spi.config.Choice;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.Site;
import dev.graft.spi.model.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Which modules a configuration means, by PEFT's rules of matching. */
final class Modules {
    /** What transformers calls the head of a model that classifies. */
    static final List<String> HEADS = List.of("classifier", "score");

    private static final String ALL_LINEAR = "all-linear";
    private static final Pattern ANY_BLOCK = Pattern.compile(".*\\.[^.]*\\.(\\d+)\\..*");

    private Modules() {}

    /**
     * The sites to adapt, in the order of the forward pass.
     *
     * @throws ConfigurationException if there is none
     */
    static List<Site> targets(ModelView model, LoraConfig config) {
        List<Site> targets = new ArrayList<>();
        for (Site site : model.sites()) {
            boolean adaptable = site instanceof LinearSite
                    || (site instanceof EmbeddingSite embedding && embedding.role() == EmbeddingSite.Role.TOKEN);
            if (adaptable
                    && targeted(site, model, config)
                    && !excluded(site.name(), config)
                    && !saved(site.name(), savedModules(model, config))) {
                targets.add(site);
            }
        }
        if (targets.isEmpty()) {
            throw new ConfigurationException("target_modules " + describe(config.targetModules())
                    + " matches no layer of this model; its layers are called "
                    + model.linears()
                            .map(site -> site.name().substring(site.name().lastIndexOf('.') + 1))
                            .distinct()
                            .sorted()
                            .toList());
        }
        return targets;
    }

    /** Modules trained in full; a classifier always is. */
    static List<String> savedModules(ModelView model, LoraConfig config) {
        return savedModules(model, config.modulesToSave());
    }

    /** The named modules and, where the model classifies, its head. */
    static List<String> savedModules(ModelView model, List<String> named) {
        Task task = model.description().task();
        if (task != Task.SEQ_CLS && task != Task.TOKEN_CLS) {
            return named;
        }
        List<String> all = new ArrayList<>(named);
        for (String head : HEADS) {
            if (!all.contains(head)) {
                all.add(head);
            }
        }
        return all;
    }

    /** Whether a module is one of those saved, or inside one; as in PEFT a name stands for every module it ends. */
    static boolean saved(String module, List<String> saved) {
        for (int end = module.length(); end > 0; end = module.lastIndexOf('.', end - 1)) {
            String outer = module.substring(0, end);
            if (saved.stream().anyMatch(outer::endsWith)) {
                return true;
            }
        }
        return false;
    }

    /** The value of the first pattern that matches the end of a module's name. */
    static <T> Optional<T> pattern(Map<String, T> patterns, String module) {
        return patterns.entrySet().stream()
                .filter(entry -> compile("(.*\\.)?(" + entry.getKey() + ")", entry.getKey())
                        .matcher(module)
                        .matches())
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static boolean targeted(Site site, ModelView model, LoraConfig config) {
        Choice targets = config.targetModules();
        if (targets == null) {
            return site instanceof LinearSite linear
                    && switch (linear.role()) {
                        case QUERY, VALUE, QUERY_KEY_VALUE -> inChosenBlock(site.name(), config);
                        default -> false;
                    };
        }
        if (targets.text().isPresent()) {
            String text = targets.single();
            if (text.equals(ALL_LINEAR)) {
                return site instanceof LinearSite linear && !isHead(linear, model);
            }
            return compile(text, text).matcher(site.name()).matches();
        }
        return named(site.name(), targets.many()) && inChosenBlock(site.name(), config);
    }

    private static boolean isHead(LinearSite site, ModelView model) {
        boolean classifies = model.description().task() == Task.SEQ_CLS
                || model.description().task() == Task.TOKEN_CLS;
        return site.role() == LinearSite.Role.VOCABULARY || (classifies && saved(site.name(), HEADS));
    }

    private static boolean excluded(String module, LoraConfig config) {
        Choice excluded = config.excludeModules();
        if (excluded == null) {
            return false;
        }
        return excluded.text()
                .map(text -> compile(text, text).matcher(module).matches())
                .orElseGet(() -> named(module, excluded.many()));
    }

    private static boolean named(String module, List<String> names) {
        return names.stream().anyMatch(name -> module.equals(name) || module.endsWith("." + name));
    }

    private static boolean inChosenBlock(String module, LoraConfig config) {
        if (config.layersToTransform().isEmpty()) {
            return true;
        }
        List<String> lists = config.layersPattern() == null
                ? List.of()
                : config.layersPattern()
                        .names()
                        .orElseGet(() -> List.of(config.layersPattern().single()));
        if (lists.isEmpty()) {
            return inBlock(ANY_BLOCK.matcher(module), config);
        }
        return lists.stream()
                .anyMatch(list ->
                        inBlock(compile(".*\\." + list + "\\.(\\d+)\\..*", list).matcher(module), config));
    }

    private static boolean inBlock(Matcher matcher, LoraConfig config) {
        return matcher.matches() && config.layersToTransform().contains(Integer.parseInt(matcher.group(1)));
    }

    private static Pattern compile(String regex, String written) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new ConfigurationException("'" + written + "' is not a regular expression: " + e.getDescription(), e);
        }
    }

    private static String describe(Choice choice) {
        return choice == null ? "(left out)" : choice.text().orElseGet(() -> String.valueOf(choice.many()));
    }
}
