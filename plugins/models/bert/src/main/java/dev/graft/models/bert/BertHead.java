package dev.graft.models.bert;

import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.Activation;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.NormSite;
import dev.graft.spi.model.Output;
import dev.graft.spi.model.Pass;
import dev.graft.spi.model.Site;
import dev.graft.spi.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;

/** What becomes of the last hidden states. */
sealed interface BertHead {
    /** The head's sites. */
    List<Site> sites();

    /** The output for hidden states {@code [batch, length, hidden]}. */
    Output output(Pass pass, Tensor hidden);

    /**
     * Masked tokens: {@code decoder(norm(activation(dense(x))))}.
     *
     * @param decoder the projection to the vocabulary
     */
    record Vocabulary(LinearSite dense, Activation activation, NormSite norm, LinearSite decoder) implements BertHead {
        @Override
        public List<Site> sites() {
            return List.of(dense, norm, decoder);
        }

        @Override
        public Output output(Pass pass, Tensor hidden) {
            return Output.vocabulary(
                    pass, hidden, x -> pass.norm(norm, activation.apply(pass.linear(dense, x))), decoder);
        }
    }

    /**
     * A label for the sequence, read at its first token: {@code classifier(dropout(tanh(dense(x))))}.
     *
     * @param inputDropout dropout before the dense layer, which RoBERTa has
     * @param dropout dropout before the classifier
     */
    record Sequence(LinearSite dense, LinearSite classifier, double inputDropout, double dropout) implements BertHead {
        @Override
        public List<Site> sites() {
            return List.of(dense, classifier);
        }

        @Override
        public Output output(Pass pass, Tensor hidden) {
            return Output.headed(pass, hidden, x -> {
                Tensor first = pass.dropout(firstTokens(pass, x), inputDropout);
                Tensor pooled = pass.linear(dense, first).tanh();
                return pass.linear(classifier, pass.dropout(pooled, dropout));
            });
        }

        /** The first token of each sequence, {@code [batch, hidden]}. */
        private static Tensor firstTokens(Pass pass, Tensor x) {
            Tensor first = pass.firstTokens().reshape(x.size(0), 1, 1).expand(Shape.of(x.size(0), 1, x.size(2)));
            return x.gather(1, first).reshape(x.size(0), x.size(2));
        }
    }

    /** A label for every token. */
    record Token(LinearSite classifier, double dropout) implements BertHead {
        @Override
        public List<Site> sites() {
            return List.of(classifier);
        }

        @Override
        public Output output(Pass pass, Tensor hidden) {
            return Output.headed(pass, hidden, x -> pass.linear(classifier, pass.dropout(x, dropout)));
        }
    }

    /** The hidden states as they are. */
    record None() implements BertHead {
        @Override
        public List<Site> sites() {
            return List.of();
        }

        @Override
        public Output output(Pass pass, Tensor hidden) {
            return Output.headed(pass, hidden, UnaryOperator.identity());
        }
    }
}
