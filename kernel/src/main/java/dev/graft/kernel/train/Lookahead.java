package dev.graft.kernel.train;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.data.BatchStream;
import dev.graft.kernel.data.DataSets;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.objective.Sequence;
import dev.graft.spi.tensor.Scope;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Computes what an objective needs of the reference for every example before training begins, and keeps it in a file, so
 * that a resumed run reads what the first one computed.
 *
 * <p>The file belongs to its examples by their digest. Whether it also belongs to the model is tried on its first batch:
 * figures that differ from those computed anew are computed again, all of them.
 */
final class Lookahead {
    private static final double ROUNDING = 1e-3;

    private final LoadedModel model;
    private final List<AttachedAdapter> adapters;
    private final Objective objective;
    private final int batchSize;
    private final int padToken;

    Lookahead(LoadedModel model, List<AttachedAdapter> adapters, Objective objective, int batchSize, int padToken) {
        this.model = model;
        this.adapters = adapters;
        this.objective = objective;
        this.batchSize = batchSize;
        this.padToken = padToken;
    }

    /** The data sets with the figures among the values of their examples. */
    DataSets complete(DataSets data, Path file) {
        List<Example> all = new ArrayList<>(data.train());
        all.addAll(data.eval());
        String digest = digest(all);
        List<Map<String, Double>> figures = known(file, digest, all);
        if (figures == null) {
            figures = compute(all);
            JsonFile.write(file, Map.of("examples", digest, "figures", figures));
        }
        List<Example> completed = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Map<String, Double> values = new HashMap<>(all.get(i).values());
            values.putAll(figures.get(i));
            completed.add(all.get(i).with(values));
        }
        int train = data.train().size();
        return new DataSets(
                completed.subList(0, train), completed.subList(train, all.size()), data.labels(), data.notes());
    }

    private List<Map<String, Double>> known(Path file, String digest, List<Example> examples) {
        if (!Files.exists(file)) {
            return null;
        }
        try {
            Map<String, Object> stored = JsonFile.read(file);
            if (!digest.equals(stored.get("examples")) || !(stored.get("figures") instanceof List<?> rows)) {
                return null;
            }
            List<Map<String, Double>> figures =
                    rows.stream().map(Lookahead::figures).toList();
            List<Map<String, Double>> tried = compute(examples.subList(0, Math.min(batchSize, examples.size())));
            boolean same = figures.size() == examples.size();
            for (int i = 0; same && i < tried.size(); i++) {
                same = close(figures.get(i), tried.get(i));
            }
            return same ? figures : null;
        } catch (ConfigurationException damaged) {
            return null;
        }
    }

    private static Map<String, Double> figures(Object row) {
        Map<String, Double> figures = new LinkedHashMap<>();
        if (row instanceof Map<?, ?> map) {
            map.forEach((name, value) -> {
                if (value instanceof Number number) {
                    figures.put(String.valueOf(name), number.doubleValue());
                }
            });
        }
        return figures;
    }

    private static boolean close(Map<String, Double> one, Map<String, Double> other) {
        return one.keySet().equals(other.keySet())
                && one.entrySet().stream()
                        .allMatch(entry -> Math.abs(entry.getValue() - other.get(entry.getKey()))
                                <= ROUNDING * (1 + Math.abs(entry.getValue())));
    }

    private List<Map<String, Double>> compute(List<Example> examples) {
        var tensors = model.tensors();
        ModelRunner runner = new ModelRunner(model, RowAssignment.all(adapters), PassOptions.inference());
        List<Map<String, Double>> figures = new ArrayList<>();
        for (HostBatch batch : BatchStream.once(examples, batchSize, padToken)) {
            try (Scope scope = tensors.scope()) {
                figures.addAll(tensors.withoutGradient(() -> objective.ahead(runner, batch.toBatch(tensors))));
            }
        }
        return figures;
    }

    private static String digest(List<Example> examples) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Example example : examples) {
                for (Sequence sequence : example.sequences()) {
                    update(digest, sequence.ids());
                    update(digest, sequence.labels());
                    update(digest, sequence.branches());
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void update(MessageDigest digest, int[] values) {
        int count = values == null ? 0 : values.length;
        ByteBuffer bytes = ByteBuffer.allocate(4 * (count + 1)).putInt(values == null ? -1 : count);
        for (int i = 0; i < count; i++) {
            bytes.putInt(values[i]);
        }
        digest.update(bytes.array());
    }
}
