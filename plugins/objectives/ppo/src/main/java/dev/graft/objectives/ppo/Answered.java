package dev.graft.objectives.ppo;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Losses;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.Output;
import dev.graft.spi.objective.Actor;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Experience;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.scorer.Answer;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import dev.graft.spi.tokenizer.AnswerEnd;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Prompts with the answers that a policy gave, and what they are worth.
 *
 * @param examples prompt and answer in one sequence, the tokens of the answer labelled
 * @param scored the same as texts with their scores
 * @param ended how many answers ended by themselves
 */
record Answered(List<Example> examples, List<Experience.Scored> scored, int ended) {
    /**
     * Has prompts answered and scored.
     *
     * @param most most tokens of an answer
     * @param penalty what an answer that does not end loses
     */
    static Answered by(Actor actor, List<Example> prompts, int most, double penalty, long seed) {
        List<int[]> asked =
                prompts.stream().map(prompt -> prompt.sequences().get(0).ids()).toList();
        List<int[]> given = actor.answer(asked, most, seed);
        Optional<AnswerEnd> close = AnswerEnd.of(actor.tokenizer());
        List<Example> examples = new ArrayList<>();
        List<Answer> answers = new ArrayList<>();
        List<Boolean> ends = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            int[] answer = given.get(i);
            int start = asked.get(i).length;
            int[] ids = Arrays.copyOf(asked.get(i), start + answer.length);
            System.arraycopy(answer, 0, ids, start, answer.length);
            int[] labels = ids.clone();
            Arrays.fill(labels, 0, start, (int) Losses.IGNORED);
            examples.add(Example.of(Sequence.of(ids, labels)));
            ends.add(actor.endTokens().contains(answer[answer.length - 1]));
            answers.add(new Answer(
                    actor.tokenizer().decode(asked.get(i), false),
                    actor.tokenizer().decode(answer, true),
                    closed(ids, close),
                    start,
                    prompts.get(i).record() == null
                            ? Map.of()
                            : prompts.get(i).record().fields()));
        }
        double[] scores = actor.score(answers);
        List<Experience.Scored> scored = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            double score = scores[i] - (ends.get(i) ? 0 : penalty);
            scored.add(new Experience.Scored(
                    answers.get(i).prompt(), answers.get(i).text(), score));
        }
        return new Answered(
                examples, scored, (int) ends.stream().filter(ended -> ended).count());
    }

    /** An answer that the model closed as the chat template closes answers, with what the template writes behind. */
    private static int[] closed(int[] ids, Optional<AnswerEnd> close) {
        if (close.isEmpty() || ids[ids.length - 1] != close.get().token()) {
            return ids;
        }
        int[] after = close.get().after();
        int[] closed = Arrays.copyOf(ids, ids.length + after.length);
        System.arraycopy(after, 0, closed, ids.length, after.length);
        return closed;
    }

    /**
     * What policy, reference and value head say of the answers.
     *
     * @param head null where values are not asked for
     * @throws ConfigurationException if a number is not finite
     */
    List<Episode> episodes(Actor actor, ValueHead head) {
        List<Episode> episodes = new ArrayList<>();
        actor.batches(examples, batch -> episodes(actor, head, batch)).forEach(episodes::addAll);
        if (!episodes.stream().allMatch(Episode::finite)) {
            throw new ConfigurationException("log-probabilities or values of the policy's answers are not finite: lower"
                    + " schedule.learning_rate");
        }
        return episodes;
    }

    private static List<Episode> episodes(Actor actor, ValueHead head, Batch batch) {
        long length = batch.labels().size(1);
        Output output = actor.forward(batch.input());
        float[] policy = logs(output, batch).floats();
        float[] values = head == null
                ? new float[policy.length]
                : head.values(output, length).floats();
        float[] reference = logs(actor.reference(batch.input()), batch).floats();
        long[] labels = batch.labels().longs();
        List<Episode> episodes = new ArrayList<>();
        int width = Math.toIntExact(length - 1);
        for (int row = 0; row < batch.labels().size(0); row++) {
            int from = 0;
            int to = 0;
            for (int i = 0; i < width; i++) {
                boolean answer = labels[row * (width + 1) + i + 1] != Losses.IGNORED;
                from = answer && to == 0 ? i : from;
                to = answer ? i + 1 : to;
            }
            int start = row * width;
            episodes.add(new Episode(
                    part(policy, start + from, start + to),
                    part(reference, start + from, start + to),
                    part(values, start + from, start + to)));
        }
        return episodes;
    }

    /** Log-probabilities of every token but the first, {@code [batch, length - 1]}; 0 where nothing is labelled. */
    static Tensor logs(Output output, Batch batch) {
        Tensor losses = output.tokenLosses(batch.labels(), true);
        return losses.slice(1, 1, losses.size(1)).neg();
    }

    private static double[] part(float[] values, int from, int to) {
        double[] part = new double[to - from];
        for (int i = 0; i < part.length; i++) {
            part[i] = values[from + i];
        }
        return part;
    }

    /**
     * A row of numbers per answer as {@code [batch, length - 1]}, each number where the token it goes with is.
     *
     * @param series name of the rows; null = ones
     * @throws IllegalStateException if an example has no row of this name
     */
    static Tensor aligned(Tensors tensors, Batch batch, String series) {
        long[] labels = batch.labels().longs();
        int width = Math.toIntExact(batch.labels().size(1) - 1);
        float[] values = new float[batch.examples().size() * width];
        for (int row = 0; row < batch.examples().size(); row++) {
            double[] own =
                    series == null ? null : batch.examples().get(row).series().get(series);
            if (series != null && own == null) {
                throw new IllegalStateException("an answer has no " + series + " to learn from");
            }
            int next = 0;
            for (int i = 0; i < width; i++) {
                if (labels[row * (width + 1) + i + 1] != Losses.IGNORED) {
                    values[row * width + i] = own == null ? 1 : (float) own[next];
                    next++;
                }
            }
        }
        return tensors.of(values, Shape.of(batch.examples().size(), width));
    }
}
