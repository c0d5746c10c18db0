package dev.graft.objectives.maskedlm;

import dev.graft.spi.engine.Losses;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.tensor.RandomStream;
import java.util.Arrays;

/**
 * Chooses tokens to predict and hides them (Devlin et al. 2019, BERT, arXiv:1810.04805, section 3.1, masked LM), anew
 * whenever it is asked (Liu et al. 2019, RoBERTa, arXiv:1907.11692, dynamic masking).
 *
 * <p>Each token that may be predicted is chosen by itself with the same probability, as in transformers' data collator; of a
 * sequence in which chance chose none, one is, so that every sequence teaches something.
 *
 * @param config the probabilities
 * @param mask id of the mask token
 * @param vocabulary ids of random tokens are below this
 */
record Masking(MaskedLmConfig config, int mask, int vocabulary) {
    /**
     * A sequence to learn from.
     *
     * @param sequence labelled wherever a token may be predicted
     * @return the same with some tokens hidden, labelled where one is to be predicted
     */
    Sequence draw(Sequence sequence, RandomStream random) {
        int[] ids = sequence.ids().clone();
        int[] labels = sequence.labels().clone();
        boolean[] chosen = choose(sequence, random);
        for (int i = 0; i < ids.length; i++) {
            if (!chosen[i]) {
                labels[i] = (int) Losses.IGNORED;
                continue;
            }
            double kind = random.nextDouble();
            if (kind < config.maskReplaceProb()) {
                ids[i] = mask;
            } else if (kind < config.maskReplaceProb() + config.randomReplaceProb()) {
                ids[i] = random.nextInt(vocabulary);
            }
        }
        return new Sequence(ids, labels, sequence.types(), sequence.branches(), sequence.words());
    }

    private boolean[] choose(Sequence sequence, RandomStream random) {
        int[] groups = groups(sequence);
        int count = Arrays.stream(groups).max().orElse(-1) + 1;
        boolean[] picked = new boolean[count];
        boolean any = false;
        for (int group = 0; group < count; group++) {
            picked[group] = random.nextDouble() < config.mlmProbability();
            any |= picked[group];
        }
        if (!any && count > 0) {
            picked[random.nextInt(count)] = true;
        }
        boolean[] chosen = new boolean[groups.length];
        for (int i = 0; i < groups.length; i++) {
            chosen[i] = groups[i] >= 0 && picked[groups[i]];
        }
        return chosen;
    }

    /** Number of what is chosen together, for each token; -1 where none may be. */
    private int[] groups(Sequence sequence) {
        int[] groups = new int[sequence.length()];
        int group = -1;
        int word = -1;
        for (int i = 0; i < groups.length; i++) {
            if (sequence.labels()[i] == Losses.IGNORED) {
                groups[i] = -1;
                continue;
            }
            boolean same = config.wholeWordMask() && group >= 0 && sequence.words()[i] == word;
            group += same ? 0 : 1;
            word = config.wholeWordMask() ? sequence.words()[i] : -1;
            groups[i] = group;
        }
        return groups;
    }
}
