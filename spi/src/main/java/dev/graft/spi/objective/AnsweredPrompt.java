package dev.graft.spi.objective;

import dev.graft.spi.tokenizer.Tokenizer;
import dev.graft.spi.tokenizer.Tokenizer.Encoding;
import java.util.Arrays;
import java.util.Optional;

/**
 * A prompt and its answer as the model reads them.
 *
 * @param text both
 * @param answer index in {@code text} at which the answer begins
 * @param rendered whether a chat template wrote the text, special tokens included
 */
public record AnsweredPrompt(String text, int answer, boolean rendered) {
    /**
     * The tokens of a text.
     *
     * @param ids token ids
     * @param answer index of the first token that holds a character of the answer; the number of tokens where none does
     */
    public record Tokens(int[] ids, int answer) {
        /** No more than so many tokens, from the beginning. */
        public Tokens first(int most) {
            return ids.length <= most ? this : new Tokens(Arrays.copyOf(ids, most), Math.min(answer, most));
        }

        /** Whether a token of the answer is left. */
        public boolean answered() {
            return answer < ids.length;
        }
    }

    /**
     * The tokens. The text is encoded whole: a token across the border of prompt and answer belongs to the answer.
     *
     * @param end whether a text that no chat template wrote ends with the tokenizer's {@code eos_token}, where it has one
     */
    public Tokens tokens(Tokenizer tokenizer, boolean end) {
        Encoding encoding = tokenizer.encode(text, !rendered);
        int[] ids = encoding.ids();
        int first = 0;
        while (first < ids.length
                && (encoding.ends()[first] <= answer || encoding.starts()[first] == encoding.ends()[first])) {
            first++;
        }
        Optional<Integer> eos = tokenizer.special("eos_token").filter(id -> end && !rendered);
        boolean ended = eos.isEmpty() || (ids.length > 0 && ids[ids.length - 1] == eos.get());
        if (ended) {
            return new Tokens(ids, first);
        }
        int[] closed = Arrays.copyOf(ids, ids.length + 1);
        closed[ids.length] = eos.get();
        return new Tokens(closed, first);
    }
}
