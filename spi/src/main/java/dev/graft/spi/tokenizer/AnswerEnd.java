package dev.graft.spi.tokenizer;

import dev.graft.spi.config.ConfigurationException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a chat template closes an answer: by a special token, which a model that learned from such conversations writes when it has
 * said what it has to say.
 *
 * @param token id of that token
 * @param after ids of what the template writes behind it, for instance a new line
 */
public record AnswerEnd(int token, int[] after) {
    private static final String ASKED = "question";
    private static final String ANSWERED = "answer";

    /** What the template of a tokenizer does; empty where it has none, or closes answers by no special token. */
    public static Optional<AnswerEnd> of(Tokenizer tokenizer) {
        if (!tokenizer.hasChatTemplate()) {
            return Optional.empty();
        }
        List<Map<String, Object>> messages =
                List.of(Map.of("role", "user", "content", ASKED), Map.of("role", "assistant", "content", ANSWERED));
        String text;
        try {
            text = tokenizer.render(messages, false, Map.of()).text();
        } catch (ConfigurationException unusual) {
            return Optional.empty();
        }
        int end = text.lastIndexOf(ANSWERED);
        int[] ids = end < 0
                ? new int[0]
                : tokenizer
                        .encode(text.substring(end + ANSWERED.length()), false)
                        .ids();
        return ids.length > 0 && special(tokenizer, ids[0])
                ? Optional.of(new AnswerEnd(ids[0], Arrays.copyOfRange(ids, 1, ids.length)))
                : Optional.empty();
    }

    /** A special token is one that decoding can leave out. */
    private static boolean special(Tokenizer tokenizer, int id) {
        int[] one = {id};
        return tokenizer.decode(one, true).isEmpty()
                && !tokenizer.decode(one, false).isEmpty();
    }
}
