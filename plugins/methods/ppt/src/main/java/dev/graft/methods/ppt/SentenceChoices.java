package dev.graft.methods.ppt;

import dev.graft.spi.tensor.RandomStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Next-sentence selection: which of several sentences follows the one asked about? One wrong candidate is of the same
 * text where it has three sentences or more, the others are of other texts.
 *
 * @param candidates how many sentences there are to choose from
 */
record SentenceChoices(int candidates) implements SelfSupervision {
    @Override
    public Optional<Question> ask(List<String> sentences, Documents others, RandomStream random) {
        if (sentences.size() < 2) {
            return Optional.empty();
        }
        int asked = random.nextInt(sentences.size() - 1);
        List<String> options = new ArrayList<>();
        if (sentences.size() > 2 && candidates > 2) {
            options.add(sentences.get(SentencePairs.apart(asked, sentences.size(), random)));
        }
        while (options.size() < candidates - 1) {
            options.add(others.elsewhere(sentences, random));
        }
        for (int i = options.size() - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            options.set(j, options.set(i, options.get(j)));
        }
        int right = random.nextInt(candidates);
        options.add(right, sentences.get(asked + 1));
        return Optional.of(
                new Question(Map.of("question", sentences.get(asked), "options", Verbaliser.options(options)), right));
    }
}
