package dev.graft.standalone.command;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.model.AdapterCombiner;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Engine;
import dev.graft.standalone.model.ModelChoice;
import dev.graft.standalone.model.ModelSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code graft combine}: one adapter out of several of the same method. */
@Command(
        name = "combine",
        description = {
            "Make one adapter out of several of the same method that were trained on the same base model, each with a"
                    + " weight, and write it in the same format. Nothing is trained.",
            "",
            "Every method whose tensors can be averaged has the kind linear: the weighted sum, tensor by tensor, of"
                    + " adapters of the same shapes. Low-rank adapters (lora) have PEFT's kinds:",
            "  linear           adds A and B separately, each times the root of its weight: cheap and rough",
            "  cat              exact: puts the adapters side by side, so that ranks add up",
            "  svd              exact sum of the updates, then cut to --rank by a decomposition",
            "  ties             keeps the largest elements, elects a sign for each, and averages those that agree",
            "  dare_linear      drops elements by chance, enlarges the rest, and adds",
            "  dare_ties        drops by chance, then elects signs",
            "  magnitude_prune  keeps the largest elements and adds",
            "and ties_svd, dare_linear_svd, dare_ties_svd and magnitude_prune_svd, which do so with the updates"
                    + " themselves instead of A and B.",
            "",
            "To put two skills into one adapter begin with cat and weights 1,1, or with svd where the rank must stay;"
                    + " where they disturb one another try ties_svd with density 0.2 to 0.5. For the average of runs with"
                    + " different seeds use weights that sum to 1.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  graft combine --adapter runs/a --adapter runs/b --kind cat --output both",
            "  graft combine --adapter a --adapter b --weights 0.7,0.3 --kind svd --rank 16 --output mixed",
            "  graft combine --adapter a --adapter b --kind ties_svd --density 0.3 --output mixed",
            "  graft combine --adapter math --adapter rude --weights 1,-0.5 --kind cat --output polite",
        })
final class CombineCommand implements Callable<Integer> {
    @ParentCommand
    private GraftCommand graft;

    @Mixin
    private ModelOptions chosen;

    @Option(names = "--output", required = true, paramLabel = "DIR", description = "The adapter directory to write.")
    private Path output;

    @Option(names = "--overwrite", description = "Replace an adapter that is in the output directory.")
    private boolean overwrite;

    @Option(
            names = "--weights",
            paramLabel = "W",
            split = ",",
            description = "A factor for each adapter, in their order; may be negative. Default: the same for all, in"
                    + " sum 1.")
    private List<Double> weights = new ArrayList<>();

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            defaultValue = "linear",
            description = "How to combine, see above. Default: ${DEFAULT-VALUE}.")
    private String kind;

    @Option(
            names = "--density",
            paramLabel = "SHARE",
            description = "Share of elements that ties, dare and magnitude_prune keep, above 0 and up to 1.")
    private Double density;

    @Option(
            names = "--majority-sign",
            paramLabel = "HOW",
            description = "How ties elects signs: total (by magnitude, as if left out) or frequency (one vote each).")
    private String majoritySign;

    @Option(
            names = "--rank",
            paramLabel = "R",
            description = "Rank that kinds with svd keep. Default: the largest of the adapters'.")
    private Integer rank;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of dare's chance. Default: 0.")
    private Long seed;

    @Override
    public Integer call() {
        PluginRegistry plugins = graft.plugins();
        ModelChoice choice = chosen.choose(plugins, graft.console());
        List<AdapterCombiner.Weighted> adapters = weighted(choice.adapters());
        if (Files.exists(output) && !overwrite) {
            throw new ConfigurationException("--output " + output
                    + " exists; name another directory, or give --overwrite to replace an adapter in it");
        }
        try (Engine engine = Engines.start(plugins, chosen.engine());
                ModelSession session = new ModelSession(
                        plugins,
                        "combination of adapters of",
                        engine,
                        choice.directory(),
                        choice.options(plugins, null))) {
            AttachedAdapter combined = new AdapterCombiner(session.plugins(), session.model())
                    .combine(name(), adapters, new AdapterCombiner.Manner(kind, options()));
            try {
                new AdapterLoader(session.plugins())
                        .save(output, choice.directory().toString(), session.model(), List.of(combined));
            } finally {
                combined.release();
            }
            report(combined.method(), adapters);
        }
        return GraftCommand.DONE;
    }

    private List<AdapterCombiner.Weighted> weighted(List<String> adapters) {
        if (adapters.size() < 2 || adapters.stream().anyMatch(ModelChoice::isBase)) {
            throw new ConfigurationException(
                    "there is nothing to combine; give --adapter two times or more, each an" + " adapter's directory");
        }
        if (!weights.isEmpty() && weights.size() != adapters.size()) {
            throw new ConfigurationException("--weights has " + weights.size() + " numbers for " + adapters.size()
                    + " adapters; there must be one for each");
        }
        List<AdapterCombiner.Weighted> weighted = new ArrayList<>();
        for (String adapter : adapters) {
            double weight = weights.isEmpty() ? 1.0 / adapters.size() : weights.get(weighted.size());
            if (!Double.isFinite(weight)) {
                throw new ConfigurationException("--weights holds " + weight + "; each must be a finite number");
            }
            weighted.add(new AdapterCombiner.Weighted(Path.of(adapter), weight));
        }
        return weighted;
    }

    private String name() {
        return output.toAbsolutePath().normalize().getFileName().toString();
    }

    private Map<String, Object> options() {
        if (rank != null && rank < 1) {
            throw new ConfigurationException("--rank is " + rank + "; it must be a whole number from 1");
        }
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("density", density);
        options.put("majority_sign_method", majoritySign);
        options.put("svd_rank", rank);
        options.put("seed", seed);
        options.values().removeIf(value -> value == null);
        return options;
    }

    private void report(String method, List<AdapterCombiner.Weighted> adapters) {
        if (graft.json()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("output", output.toString());
            json.put("method", method);
            json.put("kind", kind);
            json.put(
                    "weights",
                    adapters.stream().map(AdapterCombiner.Weighted::weight).toList());
            graft.print(json);
        } else {
            graft.console()
                    .out()
                    .println("wrote " + output + ": " + adapters.size() + " adapters of method " + method
                            + " combined by " + kind);
        }
    }
}
