package dev.graft.standalone.command;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.tokenizer.Tokenizer;
import dev.graft.standalone.model.ModelSession;
import java.util.List;
import java.util.Map;

/** Conversations as a model's chat template spells them. */
final class ChatPrompt {
    private ChatPrompt() {}

    /**
     * The token ids of a conversation up to the start of an answer.
     *
     * @throws ConfigurationException if the model has no chat template, or it refuses the conversation
     */
    static int[] ids(ModelSession session, List<Map<String, Object>> messages) {
        require(session);
        Tokenizer tokenizer = session.tokenizer();
        return tokenizer
                .encode(tokenizer.render(messages, true, Map.of()).text(), false)
                .ids();
    }

    /**
     * Checks that there is a chat template.
     *
     * @throws ConfigurationException if not
     */
    static void require(ModelSession session) {
        if (!session.tokenizer().hasChatTemplate()) {
            throw new ConfigurationException(session.directory()
                    + " has no chat template, neither chat_template in tokenizer_config.json nor chat_template.jinja;"
                    + " graft generate without --chat goes on from plain text");
        }
    }
}
