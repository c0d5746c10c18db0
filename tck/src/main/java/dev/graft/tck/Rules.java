package dev.graft.tck;

import dev.graft.tck.bundle.PackagingRules;
import dev.graft.tck.engine.EngineRules;
import dev.graft.tck.host.HostRules;
import dev.graft.tck.method.MethodTrial;
import dev.graft.tck.model.ModelRules;
import dev.graft.tck.objective.ObjectiveRules;
import dev.graft.tck.optimizer.OptimizerRules;
import dev.graft.tck.provider.ConfigurationRules;
import dev.graft.tck.quantizer.QuantizerRules;
import dev.graft.tck.rule.Chapter;
import dev.graft.tck.rule.Rule;
import dev.graft.tck.scorer.ScorerRules;
import dev.graft.tck.tokenizer.TokenizerRules;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** All rules. */
public final class Rules {
    private Rules() {}

    /** The chapters in order. */
    public static List<Chapter<?>> chapters() {
        Stream<Chapter<MethodTrial<?>>> methods = Kit.METHOD.stream();
        return Stream.<Chapter<?>>concat(
                        methods,
                        Stream.of(
                                PackagingRules.CHAPTER,
                                ConfigurationRules.CHAPTER,
                                ModelRules.CHAPTER,
                                EngineRules.CHAPTER,
                                QuantizerRules.CHAPTER,
                                OptimizerRules.CHAPTER,
                                ObjectiveRules.CHAPTER,
                                TokenizerRules.CHAPTER,
                                ScorerRules.CHAPTER,
                                HostRules.CHAPTER))
                .sorted(Comparator.comparingInt(Chapter::number))
                .toList();
    }

    /** The rules in order. */
    public static Stream<Rule> all() {
        return chapters().stream().flatMap(Chapter::rules);
    }
}
