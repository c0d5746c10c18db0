package dev.graft.kernel.train;

import dev.graft.kernel.storage.JsonFile;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Sequence;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps a portion of experience, number for number. */
final class ExperienceFile {
    /**
     * Experience.
     *
     * @param epoch pass over the data it belongs to
     * @param number its number within that
     * @param examples what is learnt from
     */
    record Portion(long epoch, int number, List<Example> examples) {}

    private static final String NAME = "experience.json";

    private ExperienceFile() {}

    static void write(Path directory, Portion portion) {
        List<Object> examples = new ArrayList<>();
        portion.examples().forEach(example -> {
            List<Object> sequences = new ArrayList<>();
            example.sequences().forEach(sequence -> {
                Map<String, Object> arrays = new LinkedHashMap<>();
                arrays.put("ids", sequence.ids());
                arrays.put("labels", sequence.labels());
                arrays.put("types", sequence.types());
                arrays.put("branches", sequence.branches());
                arrays.put("words", sequence.words());
                sequences.add(arrays);
            });
            examples.add(Map.of("sequences", sequences, "values", example.values(), "series", example.series()));
        });
        JsonFile.writeLine(
                directory.resolve(NAME),
                Map.of("epoch", portion.epoch(), "number", portion.number(), "examples", examples));
    }

    /**
     * The portion that a directory holds, if any.
     *
     * @throws ConfigurationException if it is damaged, naming the file
     */
    static Optional<Portion> read(Path directory) {
        Path file = directory.resolve(NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Map<String, Object> stored = JsonFile.read(file);
        try {
            List<Example> examples = new ArrayList<>();
            for (Object example : (List<?>) stored.get("examples")) {
                examples.add(example((Map<?, ?>) example));
            }
            return Optional.of(new Portion(
                    ((Number) stored.get("epoch")).longValue(), ((Number) stored.get("number")).intValue(), examples));
        } catch (ClassCastException | NullPointerException e) {
            throw new ConfigurationException(file + " does not hold the answers of a run", e);
        }
    }

    private static Example example(Map<?, ?> stored) {
        List<Sequence> sequences = new ArrayList<>();
        for (Object entry : (List<?>) stored.get("sequences")) {
            Map<?, ?> arrays = (Map<?, ?>) entry;
            sequences.add(new Sequence(
                    integers(arrays.get("ids")),
                    integers(arrays.get("labels")),
                    integers(arrays.get("types")),
                    integers(arrays.get("branches")),
                    integers(arrays.get("words"))));
        }
        Map<String, Double> values = new LinkedHashMap<>();
        ((Map<?, ?>) stored.get("values"))
                .forEach((name, value) -> values.put((String) name, ((Number) value).doubleValue()));
        Map<String, double[]> series = new LinkedHashMap<>();
        ((Map<?, ?>) stored.get("series")).forEach((name, row) -> series.put((String) name, numbers(row)));
        return new Example(sequences, values, series, null);
    }

    private static int[] integers(Object row) {
        return row == null
                ? null
                : ((List<?>) row)
                        .stream().mapToInt(value -> ((Number) value).intValue()).toArray();
    }

    private static double[] numbers(Object row) {
        return ((List<?>) row)
                .stream().mapToDouble(value -> ((Number) value).doubleValue()).toArray();
    }
}
