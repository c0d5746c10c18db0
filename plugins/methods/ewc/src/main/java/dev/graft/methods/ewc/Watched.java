package dev.graft.methods.ewc;

import dev.graft.spi.method.Companion;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterSpec.Storage;
import java.util.ArrayList;
import java.util.List;

/**
 * A parameter of another attachment that is held on to.
 *
 * @param name its name among all of the run, {@code adapter.parameter}
 * @param parameter the parameter
 */
record Watched(String name, Parameter parameter) {
    /** Every parameter of attachments that outlives the run. */
    static List<Watched> of(List<Companion> companions) {
        List<Watched> all = new ArrayList<>();
        for (Companion companion : companions) {
            for (Parameter parameter : companion.attachment().parameters()) {
                if (parameter.spec().storage() != Storage.RUN) {
                    all.add(new Watched(companion.name() + "." + parameter.name(), parameter));
                }
            }
        }
        return List.copyOf(all);
    }
}
