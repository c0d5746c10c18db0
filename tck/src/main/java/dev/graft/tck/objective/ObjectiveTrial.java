package dev.graft.tck.objective;

import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.ObjectiveProvider;
import dev.graft.tck.bench.Bench;
import dev.graft.tck.bench.TinyModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An objective with one configuration and some records on one tiny model.
 *
 * @param bench what it runs on
 * @param provider the objective
 * @param declaration what its author says about it
 * @param tried configuration, records and model
 * @param model the model
 * @param <C> the objective's configuration
 */
public record ObjectiveTrial<C extends Record>(
        Bench bench,
        ObjectiveProvider<C> provider,
        ObjectiveDeclaration declaration,
        ObjectiveDeclaration.Tried tried,
        TinyModel model) {
    /**
     * The trials of a declaration; without settings of its own, models are left out whose head is not the one it needs, and,
     * unless it is all of them, those on which it is refused.
     */
    public static <C extends Record> List<ObjectiveTrial<?>> of(
            Bench bench, ObjectiveProvider<C> provider, ObjectiveDeclaration declaration) {
        List<ObjectiveTrial<?>> all = declaration.tried().stream()
                .<ObjectiveTrial<?>>map(tried ->
                        new ObjectiveTrial<>(bench, provider, declaration, tried, TinyModel.named(tried.model())))
                .toList();
        if (!declaration.settings().isEmpty()) {
            return all;
        }
        List<ObjectiveTrial<?>> fitting =
                all.stream().filter(ObjectiveTrial::fits).toList();
        return fitting.isEmpty() ? all.subList(0, 1) : fitting;
    }

    /** Whether the objective needs the model's head, and is not refused on it. */
    private boolean fits() {
        try {
            Objective objective = objective();
            int outputs = objective.outputs();
            if (objective.task() != model.task() || (outputs > 0 && outputs != model.labels())) {
                return false;
            }
            try (ObjectiveStage stage = stage()) {
                stage.encoded();
            }
            return true;
        } catch (ConfigurationException refused) {
            return false;
        } catch (RuntimeException | LinkageError broken) {
            return true;
        }
    }

    /** A fresh objective. */
    Objective objective() {
        return provider.create(ConfigurationBinder.bind(provider.configuration(), tried.keys(), "objective"));
    }

    /** The records, as they were read. */
    List<DataRecord> records() {
        List<Map<String, Object>> columns = tried.records().isEmpty() ? OwnRecords.ALL : tried.records();
        List<DataRecord> records = new ArrayList<>();
        for (Map<String, Object> fields : columns) {
            records.add(new DataRecord(fields, "trial.jsonl, line " + (records.size() + 1)));
        }
        return records;
    }

    /** The names of the classes of the records: what stands in their column {@code label}, sorted. */
    List<String> labels() {
        return records().stream()
                .filter(record -> record.fields().containsKey("label"))
                .map(record -> String.valueOf(record.fields().get("label")))
                .collect(Collectors.collectingAndThen(Collectors.toCollection(TreeSet::new), List::copyOf));
    }

    /** Whether the objective has a capability in this setting. */
    boolean can(ObjectiveCapability capability) {
        Set<ObjectiveCapability> lacking = Stream.concat(declaration.cannot().stream(), tried.cannot().stream())
                .map(ObjectiveCapability::named)
                .collect(Collectors.toSet());
        return !lacking.contains(capability);
    }

    /** The model in memory, in single precision. */
    ObjectiveStage stage() {
        return new ObjectiveStage(this, DType.FLOAT32);
    }

    /** The model in memory, in double precision. */
    ObjectiveStage doubleStage() {
        return new ObjectiveStage(this, DType.FLOAT64);
    }

    @Override
    public String toString() {
        return tried.keys().isEmpty() ? model.toString() : model + " with " + tried.keys();
    }
}
