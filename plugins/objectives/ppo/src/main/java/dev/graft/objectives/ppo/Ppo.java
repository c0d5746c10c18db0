package dev.graft.objectives.ppo;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.model.Output;
import dev.graft.spi.model.Task;
import dev.graft.spi.objective.Actor;
import dev.graft.spi.objective.AnsweredPrompt;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.EncodeContext;
import dev.graft.spi.objective.Evaluator;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Experience;
import dev.graft.spi.objective.Loss;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.PromptFormat;
import dev.graft.spi.objective.Rollouts;
import dev.graft.spi.objective.Runner;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reinforcement learning from feedback (Ouyang et al. 2022, arXiv:2203.02155): the policy answers prompts, a scorer says what the answers
 * are worth, and the policy learns from them by clipped steps. Policy, reference and value head are one model; the reference is
 * the policy without what is trained.
 */
final class Ppo implements Objective {
    private static final String LOGS = "logprobs";
    private static final String VALUES = "values";
    private static final String ADVANTAGES = "advantages";
    private static final String RETURNS = "returns";

    private final PpoConfig config;
    private final PromptFormat format;
    private final ClippedLoss clipped;
    private final KlController controller;
    private ValueHead head;

    Ppo(PpoConfig config) {
        this.config = config;
        this.format = config.format();
        this.clipped = new ClippedLoss(config.cliprange(), config.cliprangeValue());
        this.controller = new KlController(config.klTarget(), config.klHorizon());
    }

    PpoConfig config() {
        return config;
    }

    @Override
    public Task task() {
        return Task.CAUSAL_LM;
    }

    @Override
    public Optional<Attachment> attach(ModelView model, AttachContext context) {
        head = new ValueHead(model.description().hidden(), config.klCoef(), context);
        return Optional.of(head.attachment());
    }

    @Override
    public String stateFile() {
        return ValueHead.FILE;
    }

    @Override
    public Optional<Rollouts> rollouts() {
        return Optional.of(new Rollouts(config.rolloutSize(), config.numPpoEpochs()));
    }

    @Override
    public Optional<Example> encode(DataRecord record, EncodeContext context) {
        AnsweredPrompt prompt = format.prompt(record, context.tokenizer());
        if (prompt.text().isEmpty()) {
            return Optional.empty();
        }
        int[] ids = prompt.tokens(context.tokenizer(), false).ids();
        Optional<Integer> end = context.tokenizer().special("eos_token");
        int length = ids.length;
        while (!prompt.rendered() && end.isPresent() && length > 1 && ids[length - 1] == end.get()) {
            length--;
        }
        int positions = context.model().maxPositions();
        int most =
                Math.min(context.maxLength(), positions == 0 ? Integer.MAX_VALUE : positions - config.responseLength());
        if (most < 1) {
            throw new ConfigurationException("response_length of ppo is " + config.responseLength()
                    + ", which leaves no room for a prompt in the " + positions + " positions of the model");
        }
        int[] kept = Arrays.copyOfRange(ids, Math.max(0, length - most), length);
        return Optional.of(new Example(List.of(Sequence.of(kept, null)), Map.of(), Map.of(), record));
    }

    @Override
    public Experience rollOut(Actor actor, List<Example> prompts, RandomStream random) {
        double klCoef = head.klCoef();
        Answered answered = answer(actor, prompts, random.next());
        List<Episode> episodes = answered.episodes(actor, head);
        double divergence =
                episodes.stream().mapToDouble(Episode::divergence).average().orElseThrow();
        if (divergence > config.maxKl()) {
            throw new ConfigurationException(String.format(
                    Locale.ROOT,
                    "the policy has left the reference: their divergence is %.1f nats per answer, more than max_kl = %s of ppo;"
                            + " lower schedule.learning_rate, or raise kl_coef",
                    divergence,
                    config.maxKl()));
        }
        List<double[]> rewards = new ArrayList<>();
        for (int i = 0; i < episodes.size(); i++) {
            Episode episode = episodes.get(i);
            rewards.add(Advantages.rewards(
                    episode.policy(),
                    episode.reference(),
                    klCoef,
                    answered.scored().get(i).score(),
                    episode.length() - 1));
        }
        if (config.whitenRewards()) {
            Advantages.whiten(rewards, null, false);
        }
        List<Map<String, double[]>> series = series(episodes, rewards);
        RolloutFigures figures = new RolloutFigures(answered, episodes);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < series.size(); i++) {
            examples.add(new Example(answered.examples().get(i).sequences(), Map.of(), series.get(i), null));
        }
        Map<String, Double> shown = figures.of(klCoef, config.missingEosPenalty() != null);
        shown.put("explained_variance", RolloutFigures.explained(column(series, VALUES), column(series, RETURNS)));
        move(actor.tensors(), controller.next(klCoef, divergence, episodes.size()));
        return new Experience(examples, shown, answered.scored());
    }

    /** Has prompts answered and scored. */
    Answered answer(Actor actor, List<Example> prompts, long seed) {
        double penalty = config.missingEosPenalty() == null ? 0 : config.missingEosPenalty();
        return Answered.by(actor, prompts, config.responseLength(), penalty, seed);
    }

    private List<Map<String, double[]>> series(List<Episode> episodes, List<double[]> rewards) {
        List<double[]> advantages = new ArrayList<>();
        List<double[]> returns = new ArrayList<>();
        for (int i = 0; i < episodes.size(); i++) {
            double[] values = episodes.get(i).values();
            double[] own = Advantages.of(rewards.get(i), values, config.gamma(), config.lam());
            returns.add(Advantages.returns(own, values));
            advantages.add(own);
        }
        if (config.whitenAdvantages()) {
            Advantages.whiten(advantages, null, true);
        }
        List<Map<String, double[]>> series = new ArrayList<>();
        for (int i = 0; i < episodes.size(); i++) {
            Map<String, double[]> own = new LinkedHashMap<>();
            own.put(LOGS, episodes.get(i).policy());
            own.put(VALUES, episodes.get(i).values());
            own.put(ADVANTAGES, advantages.get(i));
            own.put(RETURNS, returns.get(i));
            series.add(own);
        }
        return series;
    }

    private static List<double[]> column(List<Map<String, double[]>> series, String name) {
        return series.stream().map(own -> own.get(name)).toList();
    }

    private void move(Tensors tensors, double klCoef) {
        if (controller.target() != null) {
            head.setKlCoef(tensors.of(new double[] {klCoef}, Shape.of(1)));
        }
    }

    @Override
    public Loss loss(Runner runner, Batch batch) {
        Tensors tensors = runner.tensors();
        Output output = runner.forward(batch.input());
        ClippedLoss.Recorded recorded = new ClippedLoss.Recorded(
                Answered.aligned(tensors, batch, LOGS),
                Answered.aligned(tensors, batch, VALUES),
                Answered.aligned(tensors, batch, ADVANTAGES),
                Answered.aligned(tensors, batch, RETURNS),
                Answered.aligned(tensors, batch, null));
        Tensor values = head.values(output, batch.labels().size(1));
        ClippedLoss.Sums sums = clipped.of(recorded, Answered.logs(output, batch), values);
        double tokens = output.labelled(batch.labels(), true);
        Map<String, Loss.Metric> metrics = new LinkedHashMap<>();
        metrics.put("policy_loss", new Loss.Metric(sums.policy().item(), tokens));
        metrics.put("value_loss", new Loss.Metric(sums.value().item(), tokens));
        metrics.put("approx_kl", new Loss.Metric(sums.divergence().item(), tokens));
        metrics.put("clip_fraction", new Loss.Metric(sums.clipped().item(), tokens));
        Tensor loss = sums.policy().add(sums.value().mul(config.vfCoef()));
        if (config.entropyCoef() > 0) {
            Tensor entropy =
                    entropy(output, batch.labels().size(1)).mul(recorded.mask()).sum();
            metrics.put("entropy", new Loss.Metric(entropy.item(), tokens));
            loss = loss.sub(entropy.mul(config.entropyCoef()));
        }
        return new Loss(loss, tokens, metrics);
    }

    /** Entropy of what is predicted for every token but the first, {@code [batch, length - 1]}. */
    private static Tensor entropy(Output output, long length) {
        long slots = output.hidden().size(1);
        Tensor logs = output.head()
                .apply(output.hidden().slice(1, slots - length, slots - 1))
                .logSoftmax(-1);
        return logs.exp().mul(logs).sum(2).neg();
    }

    @Override
    public Evaluator evaluator() {
        return new PpoEvaluator(this, config.klCoef());
    }
}
