package dev.graft.standalone.command;

import dev.graft.kernel.checkpoint.DownloadListener;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.recommendation.RecipeDraft;
import dev.graft.kernel.recommendation.Verdict;
import dev.graft.kernel.train.Estimator;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.MethodProvider;
import dev.graft.standalone.terminal.ByteCount;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Goes through techniques, best first, until the recipe of one is valid and fits into memory.
 *
 * @param plugins the installed plugins
 * @param memory bytes there are, or null
 * @param downloads told of models that have to be downloaded
 */
record FittingRecipe(PluginRegistry plugins, Long memory, DownloadListener downloads) {
    /**
     * The first that fits.
     *
     * @param estimable whether model and data are there, so that a recipe can be estimated
     * @throws ConfigurationException if none does
     */
    FittedRecipe first(List<Verdict> verdicts, RecipeDraft draft, boolean estimable) {
        Map<String, String> misfits = new LinkedHashMap<>();
        for (Verdict verdict : verdicts) {
            if (!verdict.possible()) {
                continue;
            }
            try {
                return new FittedRecipe(verdict, fitted(verdict, draft, estimable), misfits);
            } catch (ConfigurationException unfit) {
                misfits.put(verdict.method().id(), "does not fit here: " + unfit.getMessage());
            }
        }
        String tried = misfits.isEmpty()
                ? verdicts.stream()
                        .map(verdict -> verdict.method().id() + " " + verdict.reason())
                        .reduce((one, two) -> one + "; " + two)
                        .orElse("no method is installed")
                : String.join("; ", misfits.values());
        throw new ConfigurationException("no installed technique fits: " + tried);
    }

    private String fitted(Verdict verdict, RecipeDraft draft, boolean estimable) {
        RecipeDraft next = draft;
        while (true) {
            String yaml = next.yaml(verdict.method());
            if (!estimable) {
                MethodProvider<?> method = verdict.method();
                ConfigurationBinder.bind(
                        method.configuration(),
                        method.suitability().orElseThrow().keys(),
                        "method");
                return yaml;
            }
            Recipe recipe = GraftCommand.recipes(plugins).read(yaml, Path.of(""), List.of());
            long total =
                    new Estimator(plugins, downloads).estimate(recipe).memory().total();
            if (memory == null || total <= memory) {
                return yaml;
            }
            if (next.checkpointing()) {
                throw new ConfigurationException("takes about " + ByteCount.text(total)
                        + " even with single rows and gradient checkpointing, of " + ByteCount.text(memory));
            }
            next = next.smaller();
        }
    }
}
