package dev.graft.models.llama;

import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.Output;
import dev.graft.spi.model.Pass;
import dev.graft.spi.model.Site;
import dev.graft.spi.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;

/** What becomes of the last hidden states. */
sealed interface LlamaHead {
    /** The head's sites. */
    List<Site> sites();

    /** The output for hidden states {@code [batch, length, hidden]}. */
    Output output(Pass pass, Tensor hidden);

    /** The next token. */
    record Vocabulary(LinearSite projection) implements LlamaHead {
        @Override
        public List<Site> sites() {
            return List.of(projection);
        }

        @Override
        public Output output(Pass pass, Tensor hidden) {
            return Output.vocabulary(pass, hidden, UnaryOperator.identity(), projection);
        }
    }

    /** A label for the sequence, read at its last token. */
    record Sequence(LinearSite score) implements LlamaHead {
        @Override
        public List<Site> sites() {
            return List.of(score);
        }

        @Override
        public Output output(Pass pass, Tensor hidden) {
            return Output.headed(pass, hidden, x -> pass.linear(score, lastTokens(pass, x)));
        }

        /** The last token of each sequence, {@code [batch, hidden]}. */
        private static Tensor lastTokens(Pass pass, Tensor x) {
            Tensor last = pass.lastTokens().reshape(x.size(0), 1, 1).expand(Shape.of(x.size(0), 1, x.size(2)));
            return x.gather(1, last).reshape(x.size(0), x.size(2));
        }
    }

    /** A label for every token. */
    record Token(LinearSite score, double dropout) implements LlamaHead {
        @Override
        public List<Site> sites() {
            return List.of(score);
        }

        @Override
        public Output output(Pass pass, Tensor hidden) {
            return Output.headed(pass, hidden, x -> pass.linear(score, pass.dropout(x, dropout)));
        }
    }

    /** The hidden states as they are. */
    record None() implements LlamaHead {
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
