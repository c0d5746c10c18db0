package dev.graft.kernel.train;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.data.BatchStream;
import dev.graft.kernel.data.DataLoader;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.generate.EndTokens;
import dev.graft.kernel.generate.Generation;
import dev.graft.kernel.generate.GenerationRequest;
import dev.graft.kernel.generate.Generator;
import dev.graft.kernel.generate.SamplingOptions;
import dev.graft.kernel.generate.TokenListener;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.model.Input;
import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.model.Output;
import dev.graft.spi.objective.Actor;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Example;
import dev.graft.spi.scorer.Answer;
import dev.graft.spi.scorer.Scorer;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensors;
import dev.graft.spi.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Has a model act with its adapters, the same for every row. */
public final class RunActor implements Actor {
    private final LoadedModel model;
    private final List<AttachedAdapter> adapters;
    private final Tokenizer tokenizer;
    private final Scorer scorer;
    private final int batchSize;
    private final ModelRunner runner;
    private final Set<Integer> endTokens;

    /**
     * An actor; everything stays the caller's.
     *
     * @param scorer null where there is none
     * @param batchSize rows that go through the model at once where nothing is generated
     */
    public RunActor(
            LoadedModel model, List<AttachedAdapter> adapters, Tokenizer tokenizer, Scorer scorer, int batchSize) {
        this.model = model;
        this.adapters = List.copyOf(adapters);
        this.tokenizer = tokenizer;
        this.scorer = scorer;
        this.batchSize = batchSize;
        this.runner = new ModelRunner(model, RowAssignment.all(adapters), PassOptions.inference());
        this.endTokens = EndTokens.of(tokenizer);
    }

    @Override
    public Tensors tensors() {
        return runner.tensors();
    }

    @Override
    public ModelDescription model() {
        return runner.model();
    }

    @Override
    public Output forward(Input input) {
        return model.tensors().withoutGradient(() -> runner.forward(input));
    }

    @Override
    public Output reference(Input input) {
        return runner.reference(input);
    }

    @Override
    public Optional<Actor> actor() {
        return Optional.of(this);
    }

    @Override
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    @Override
    public Set<Integer> endTokens() {
        return endTokens;
    }

    @Override
    public List<int[]> answer(List<int[]> prompts, int most, long seed) {
        SamplingOptions options =
                SamplingOptions.greedy(most).withTemperature(1).withEndTokens(endTokens);
        List<GenerationRequest> requests = new ArrayList<>();
        for (int[] prompt : prompts) {
            long own =
                    RandomStream.seeded(seed).fork("answer " + requests.size()).seed();
            requests.add(new GenerationRequest(prompt, adapters, options.withSeed(own)));
        }
        return new Generator(model, null)
                .generate(requests, TokenListener.none()).stream()
                        .map(Generation::ids)
                        .toList();
    }

    @Override
    public double[] score(List<Answer> answers) {
        if (scorer == null) {
            throw new ConfigurationException("the objective learns from scores, but the recipe has no scorer;"
                    + " the section 'scorer' must name one");
        }
        double[] scores = scorer.score(answers);
        if (scores.length != answers.size()) {
            throw new ConfigurationException(
                    "the scorer gave " + scores.length + " scores for " + answers.size() + " answers");
        }
        for (int i = 0; i < scores.length; i++) {
            if (!Double.isFinite(scores[i])) {
                throw new ConfigurationException("the scorer gave " + scores[i] + " for the answer '"
                        + answers.get(i).text() + "'; scores must be finite numbers");
            }
        }
        return scores;
    }

    @Override
    public <T> List<T> batches(List<Example> examples, Function<Batch, T> work) {
        GraftTensors tensors = model.tensors();
        int padToken = DataLoader.padToken(tokenizer, model.description());
        List<T> results = new ArrayList<>();
        for (HostBatch batch : BatchStream.once(examples, batchSize, padToken)) {
            try (Scope scope = tensors.scope()) {
                results.add(tensors.withoutGradient(() -> work.apply(batch.toBatch(tensors))));
            }
        }
        return results;
    }
}
