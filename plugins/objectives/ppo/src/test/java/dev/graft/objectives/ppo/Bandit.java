package dev.graft.objectives.ppo;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.data.BatchStream;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.CharacterTokenizer;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.kernel.train.OptimizerStep;
import dev.graft.kernel.train.RunActor;
import dev.graft.kernel.train.TrainedParameters;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.Progress;
import dev.graft.spi.model.Input;
import dev.graft.spi.objective.Actor;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Experience;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.optimizer.Optimizer;
import dev.graft.spi.optimizer.OptimizerProvider;
import dev.graft.spi.scorer.Scorer;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A bandit: one prompt, answers of one token, and a score of 1 for one of the tokens. */
final class Bandit implements AutoCloseable {
    static final int PAYS = 7;
    static final int[] PROMPT = {1, 5, 9};

    private static final int ANSWERS = 64;
    private static final List<String> TARGETS = List.of("v_proj", "o_proj", "down_proj", "lm_head");

    private final Bench bench = new Bench();
    private final LoadedModel model = SmallModel.llama().random(bench);
    private final Ppo objective;
    private final AttachedAdapter adapter;
    private final AttachedAdapter head;
    private final Optimizer optimizer;
    private final OptimizerStep step;
    private final RunActor actor;
    private final RandomStream random;
    private final int passes;
    private long steps;

    Bandit(long seed, Map<String, Object> keys) {
        this(
                seed,
                keys,
                answers -> answers.stream()
                        .mapToDouble(answer -> answer.ids()[answer.start()] == PAYS ? 1 : 0)
                        .toArray());
    }

    Bandit(long seed, Map<String, Object> keys, Scorer scorer) {
        Map<String, Object> all =
                new HashMap<>(Map.of("response_length", 1, "rollout_size", ANSWERS, "num_ppo_epochs", 2));
        all.putAll(keys);
        PpoConfig config = ConfigurationBinder.bind(PpoConfig.class, all, "objective");
        objective = new Ppo(config);
        passes = config.numPpoEpochs();
        adapter = attach(bench.registry().method("lora"), seed);
        AdapterBuilder.Origin origin = new AdapterBuilder.Origin("ppo", "0", config);
        head = AdapterBuilder.attach(model, origin, objective::attach, AdapterBuilder.Setting.fresh("ppo", seed))
                .orElseThrow();
        optimizer = optimizer(bench.registry().optimizer("adamw"));
        step = new OptimizerStep(new OptimizerStep.Setting(
                model, new TrainedParameters(List.of(adapter, head)), objective, optimizer, 1, false));
        actor = new RunActor(model, List.of(adapter), CharacterTokenizer.withoutEnd(), scorer, ANSWERS);
        random = RandomStream.seeded(seed);
    }

    private <C extends Record> AttachedAdapter attach(MethodProvider<C> provider, long seed) {
        Map<String, Object> keys = Map.of("r", 4, "lora_alpha", 8, "target_modules", TARGETS);
        C configuration = ConfigurationBinder.bind(provider.configuration(), keys, "method");
        return AdapterBuilder.attach(model, provider, configuration, AdapterBuilder.Setting.fresh("lora", seed));
    }

    private static <C extends Record> Optimizer optimizer(OptimizerProvider<C> provider) {
        return provider.create(ConfigurationBinder.bind(provider.configuration(), Map.of(), "optimizer"));
    }

    Actor actor() {
        return actor;
    }

    Ppo objective() {
        return objective;
    }

    /** Has the prompt answered. */
    Experience rollOut() {
        Example prompt = Example.of(Sequence.of(PROMPT, null));
        return rollOut(Collections.nCopies(ANSWERS, prompt));
    }

    /** Has prompts answered. */
    Experience rollOut(List<Example> prompts) {
        try (Scope scope = bench.tensors().scope()) {
            return objective.rollOut(actor, prompts, random);
        }
    }

    /** Learns from a rollout, all of its answers in one batch a pass. */
    void learn(Experience experience, double rate) {
        HostBatch batch = BatchStream.once(experience.examples(), ANSWERS, 0).get(0);
        for (int pass = 0; pass < passes; pass++) {
            step.take(
                    List.of(batch::toBatch), layer -> rate, new Progress(steps++, 1000, 0, 1), RandomStream.seeded(0));
        }
    }

    /** Optimizer steps taken so far. */
    long steps() {
        return steps;
    }

    /** How probable the token that pays is. */
    double chance() {
        return chance(true);
    }

    /** How probable the token that pays is, with what was learnt or for the reference. */
    double chance(boolean learnt) {
        try (Scope scope = bench.tensors().scope()) {
            long[] ids = {PROMPT[0], PROMPT[1], PROMPT[2]};
            Input input = Input.of(bench.tensors().of(ids, Shape.of(1, ids.length)), null);
            float[] probabilities = model.forward(
                            input,
                            learnt ? RowAssignment.all(List.of(adapter)) : RowAssignment.base(),
                            PassOptions.inference())
                    .logits()
                    .slice(1, ids.length - 1L, ids.length)
                    .softmax(-1)
                    .floats();
            return probabilities[PAYS];
        }
    }

    @Override
    public void close() {
        optimizer.close();
        head.release();
        adapter.release();
        model.close();
        bench.close();
    }
}
