package dev.graft.methods.full;

import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.Patches;
import dev.graft.spi.method.Progress;
import dev.graft.spi.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Own values for some of the base's parameters.
 *
 * @param replacements what replaces which parameter, by its name in the base
 * @param unfreezing when each begins to learn
 */
record FullAttachment(Map<String, Parameter> replacements, Unfreezing unfreezing) implements Attachment {
    @Override
    public List<Parameter> parameters() {
        return List.copyOf(replacements.values());
    }

    @Override
    public Patches patches() {
        Patches.Builder patches = Patches.builder();
        replacements.forEach((name, parameter) ->
                patches.parameter(name, (context, base) -> parameter.tensor().cast(base.dtype())));
        return patches.build();
    }

    @Override
    public boolean trains(Parameter parameter, Progress progress) {
        return unfreezing.trains(parameter.spec().layer(), progress);
    }

    @Override
    public Map<String, UnaryOperator<Tensor>> merge() {
        Map<String, UnaryOperator<Tensor>> merged = new LinkedHashMap<>();
        replacements.forEach((name, parameter) ->
                merged.put(name, base -> parameter.tensor().detach().cast(base.dtype())));
        return merged;
    }
}
