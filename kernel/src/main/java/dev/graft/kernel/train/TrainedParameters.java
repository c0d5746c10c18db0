package dev.graft.kernel.train;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.method.Progress;
import java.util.ArrayList;
import java.util.List;

/**
 * The parameters of the adapters of one run.
 *
 * @param adapters in the order of attachment
 */
public record TrainedParameters(List<AttachedAdapter> adapters) {
    /**
     * A parameter under a name that is unique in the run.
     *
     * @param name {@code adapter/parameter}
     * @param adapter where it belongs
     * @param parameter the parameter
     */
    public record Named(String name, AttachedAdapter adapter, Parameter parameter) {}

    /** The adapters that are not frozen for good. */
    public List<AttachedAdapter> learning() {
        return adapters.stream().filter(AttachedAdapter::learns).toList();
    }

    /** Every parameter that may be trained. */
    public List<Named> all() {
        List<Named> all = new ArrayList<>();
        for (AttachedAdapter adapter : learning()) {
            for (Parameter parameter : adapter.attachment().parameters()) {
                all.add(new Named(adapter.name() + "/" + parameter.name(), adapter, parameter));
            }
        }
        return all;
    }

    /** Those trained at this point; the others are frozen until asked again. */
    public List<Named> trainedAt(Progress progress) {
        List<Named> trained = new ArrayList<>();
        for (Named named : all()) {
            boolean trains = named.adapter().attachment().trains(named.parameter(), progress);
            named.adapter().freeze(named.parameter(), !trains);
            if (trains) {
                trained.add(named);
            }
        }
        return trained;
    }

    /** Number of trainable elements of the adapters, without what exists for the run alone. */
    public long elements() {
        return all().stream()
                .filter(named -> named.parameter().spec().storage() != ParameterSpec.Storage.RUN)
                .mapToLong(named -> named.parameter().spec().shape().elements())
                .sum();
    }
}
