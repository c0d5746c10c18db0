package dev.graft.methods.ppt;

import dev.graft.spi.tensor.RandomStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Next-sentence prediction with three labels, each as likely as the others: 2 where the second sentence follows the
 * first, 1 where both are of one text but do not follow each other in this order, 0 where they are of different texts.
 */
final class SentencePairs implements SelfSupervision {
    private static final int SAME_TEXT = 1;
    private static final int NEXT = 2;

    @Override
    public Optional<Question> ask(List<String> sentences, Documents others, RandomStream random) {
        if (sentences.size() < 2) {
            return Optional.empty();
        }
        int label = random.nextInt(3);
        if (label == SAME_TEXT && sentences.size() == 2) {
            return Optional.of(question(sentences.get(1), sentences.get(0), SAME_TEXT));
        }
        int first = random.nextInt(sentences.size() - 1);
        String second = switch (label) {
            case NEXT -> sentences.get(first + 1);
            case SAME_TEXT -> sentences.get(apart(first, sentences.size(), random));
            default -> others.elsewhere(sentences, random);
        };
        return Optional.of(question(sentences.get(first), second, label));
    }

    /** Index of a sentence that is neither this one nor the next; there must be three sentences or more. */
    static int apart(int sentence, int sentences, RandomStream random) {
        int drawn = random.nextInt(sentences - 2);
        return drawn < sentence ? drawn : drawn + 2;
    }

    private static Question question(String first, String second, int label) {
        return new Question(Map.of("first", first, "second", second), label);
    }
}
