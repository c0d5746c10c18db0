package dev.graft.spi.objective;

import dev.graft.spi.scorer.Answer;
import dev.graft.spi.tokenizer.Tokenizer;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Has the model act: answer prompts with what is being trained, in evaluation mode, and have the answers scored. Nothing is
 * recorded.
 */
public interface Actor extends Runner {
    /** The base model's tokenizer. */
    Tokenizer tokenizer();

    /** The tokens by which the model says that an answer is finished. */
    Set<Integer> endTokens();

    /**
     * Answers drawn from the model itself, at temperature 1 from all tokens, each by a random stream of its own; rows are
     * generated together and get what each would get alone.
     *
     * @param prompts token ids
     * @param most most tokens of an answer
     * @param seed decides what is drawn
     * @return token ids of the answers in order, each at least one token, the end token included
     * @throws dev.graft.spi.config.ConfigurationException if a prompt is empty or too long for the model
     */
    List<int[]> answer(List<int[]> prompts, int most, long seed);

    /**
     * What answers are worth by the scorer of the recipe.
     *
     * @return one finite number per answer, in order; higher is better
     * @throws dev.graft.spi.config.ConfigurationException if the recipe names no scorer, the scorer fails, or a score is
     *     not finite
     */
    double[] score(List<Answer> answers);

    /**
     * Works through examples in batches as large as those of training, each in a scope of its own.
     *
     * @param work reads what it needs off the batch; its tensors are freed afterwards
     * @return what the work gave for each batch, in order
     */
    <T> List<T> batches(List<Example> examples, Function<Batch, T> work);
}
