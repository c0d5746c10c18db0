package dev.graft.models.bert;

import dev.graft.spi.model.Head;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.Output;
import dev.graft.spi.model.Pass;
import dev.graft.spi.model.Site;
import dev.graft.spi.tensor.Tensor;
import java.util.List;

/**
 * A label for the sequence, read at its first token: {@code classifier(dropout(tanh(dense(x))))}.
 *
 * @param inputDropout dropout before the dense layer, which RoBERTa has
 * @param dropout dropout before the classifier
 */
record FirstTokenHead(LinearSite dense, LinearSite classifier, double inputDropout, double dropout) implements Head {
    @Override
    public List<Site> sites() {
        return List.of(dense, classifier);
    }

    @Override
    public Output output(Pass pass, Tensor hidden) {
        return Output.headed(pass, hidden, x -> {
            Tensor first = pass.dropout(Head.at(x, pass.firstTokens()), inputDropout);
            Tensor pooled = pass.linear(dense, first).tanh();
            return pass.linear(classifier, pass.dropout(pooled, dropout));
        });
    }
}
