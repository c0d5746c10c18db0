package dev.graft.methods.ppt;

import dev.graft.spi.tensor.RandomStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A sentence by itself, which the bare base labels where it is confident. */
final class SingleSentences implements SelfSupervision {
    @Override
    public Optional<Question> ask(List<String> sentences, Documents others, RandomStream random) {
        String sentence = sentences.get(random.nextInt(sentences.size()));
        return Optional.of(new Question(Map.of("sentence", sentence), Verbaliser.UNKNOWN));
    }
}
