package dev.graft.spi.model;

import dev.graft.spi.engine.Shape;
import dev.graft.spi.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;

/** What becomes of the last hidden states; families of models may have heads of their own beside those here. */
public interface Head {
    /** The head's sites. */
    List<Site> sites();

    /** The output for hidden states {@code [batch, length, hidden]}. */
    Output output(Pass pass, Tensor hidden);

    /**
     * The hidden state of one token of each sequence, {@code [batch, hidden]}.
     *
     * @param hidden {@code [batch, length, hidden]}
     * @param slots where the tokens stand, {@code [batch]}
     */
    static Tensor at(Tensor hidden, Tensor slots) {
        long batch = hidden.size(0);
        long width = hidden.size(2);
        Tensor index = slots.reshape(batch, 1, 1).expand(Shape.of(batch, 1, width));
        return hidden.gather(1, index).reshape(batch, width);
    }

    /** The next token. */
    record Vocabulary(LinearSite projection) implements Head {
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
    record LastToken(LinearSite score) implements Head {
        @Override
        public List<Site> sites() {
            return List.of(score);
        }

        @Override
        public Output output(Pass pass, Tensor hidden) {
            return Output.headed(pass, hidden, x -> pass.linear(score, at(x, pass.lastTokens())));
        }
    }

    /** A label for every token. */
    record EveryToken(LinearSite score, double dropout) implements Head {
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
    record None() implements Head {
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
