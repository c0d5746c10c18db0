package dev.graft.kernel.generate;

import dev.graft.spi.tokenizer.AnswerEnd;
import dev.graft.spi.tokenizer.Tokenizer;
import java.util.Set;
import java.util.TreeSet;

/** The tokens by which a model says that it has finished. */
public final class EndTokens {
    private EndTokens() {}

    /** The end of a sequence, and the token with which the chat template closes an answer, where there are such. */
    public static Set<Integer> of(Tokenizer tokenizer) {
        Set<Integer> ends = new TreeSet<>();
        tokenizer.special("eos_token").ifPresent(ends::add);
        AnswerEnd.of(tokenizer).ifPresent(end -> ends.add(end.token()));
        return ends;
    }
}
