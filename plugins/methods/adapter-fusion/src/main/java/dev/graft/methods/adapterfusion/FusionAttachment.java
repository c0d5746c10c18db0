package dev.graft.methods.adapterfusion;

import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.method.Patches;
import dev.graft.spi.method.Progress;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A fusion whose temperature falls as it trains.
 *
 * @param fusion the fusion
 * @param temperature its temperature
 */
record FusionAttachment(Attachment fusion, Temperature temperature) implements Attachment {
    @Override
    public List<Parameter> parameters() {
        return fusion.parameters();
    }

    @Override
    public Patches patches() {
        return fusion.patches();
    }

    @Override
    public List<LinearSite> sites() {
        return fusion.sites();
    }

    @Override
    public Optional<Tensor> penalty(PatchContext context) {
        return fusion.penalty(context);
    }

    @Override
    public void stepped(Progress progress) {
        temperature.fall();
    }

    @Override
    public Map<String, UnaryOperator<Tensor>> merge() {
        return fusion.merge();
    }
}
