package dev.graft.objectives.causallm;

import dev.graft.spi.engine.Losses;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.tokenizer.Tokenizer;
import dev.graft.spi.tokenizer.Tokenizer.Encoding;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tokens of a passage with their labels.
 *
 * @param ids token ids
 * @param labels the same ids, -100 for what is not learned
 * @param characters Unicode characters of the predicted tokens: those learned, the first aside
 */
record LabelledTokens(int[] ids, int[] labels, long characters) {
    /**
     * Name of the example value that holds the mean length of predicted tokens in Unicode characters. A mean stays true of
     * the parts of a sequence that is split or cut.
     */
    static final String CHARACTERS = "characters_per_token";

    /**
     * Encodes a passage once. A token is learned if any of its characters is; the special tokens that the tokenizer
     * puts around a sequence are learned only with everything, but for the end of the sequence.
     *
     * @param appendEos whether a passage that no chat template wrote ends with the end of the sequence
     */
    static LabelledTokens of(Passage passage, Tokenizer tokenizer, boolean appendEos) {
        Encoding encoding = tokenizer.encode(passage.text(), !passage.rendered());
        int[] labels = new int[encoding.ids().length];
        for (int i = 0; i < labels.length; i++) {
            boolean learned = passage.learns(encoding.starts()[i], encoding.ends()[i]);
            labels[i] = learned ? encoding.ids()[i] : (int) Losses.IGNORED;
        }
        long characters = characters(passage.text(), encoding, labels);
        Optional<Integer> end = tokenizer.special("eos_token").filter(eos -> appendEos && !passage.rendered());
        if (end.isEmpty()) {
            return new LabelledTokens(encoding.ids(), labels, characters);
        }
        int last = labels.length - 1;
        boolean ended = last >= 0 && encoding.ids()[last] == end.get();
        int[] ids = ended ? encoding.ids() : Arrays.copyOf(encoding.ids(), last + 2);
        labels = ended ? labels : Arrays.copyOf(labels, last + 2);
        ids[ids.length - 1] = end.get();
        labels[ids.length - 1] = end.get();
        return new LabelledTokens(ids, labels, characters);
    }

    /** Characters between the end of the token before and the end of the token itself belong to the token. */
    private static long characters(String text, Encoding encoding, int[] labels) {
        long characters = 0;
        int covered = 0;
        for (int i = 0; i < labels.length; i++) {
            int end = Math.max(covered, encoding.ends()[i]);
            if (i > 0 && labels[i] != Losses.IGNORED) {
                characters += text.codePointCount(covered, end);
            }
            covered = end;
        }
        return characters;
    }

    /** How many labels a sequence predicts: those not ignored, the first aside, which nothing comes before. */
    static long predicted(int[] labels) {
        return Arrays.stream(labels)
                .skip(1)
                .filter(label -> label != Losses.IGNORED)
                .count();
    }

    /** Whether there is anything to predict. */
    boolean teach() {
        return predicted(labels) > 0;
    }

    /** The tokens as an example; {@link #teach} must hold. */
    Example example() {
        double mean = (double) characters / predicted(labels);
        return new Example(List.of(Sequence.of(ids, labels)), Map.of(CHARACTERS, mean));
    }
}
