package dev.graft.methods.ppt;

import dev.graft.spi.tensor.RandomStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A task made from unlabelled text (Gu et al. 2022, on pre-training prompts). */
interface SelfSupervision {
    /**
     * A text and its label.
     *
     * @param parts of the pattern, by name
     * @param label index of the right answer; {@link Verbaliser#UNKNOWN} where the base has to say
     */
    record Question(Map<String, String> parts, int label) {}

    /**
     * Makes a question of one text.
     *
     * @param sentences of the text
     * @param others texts to draw wrong sentences from
     * @return empty where the text has too few sentences
     */
    Optional<Question> ask(List<String> sentences, Documents others, RandomStream random);
}
