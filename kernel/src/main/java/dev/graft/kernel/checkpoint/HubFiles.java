package dev.graft.kernel.checkpoint;

import dev.graft.spi.config.ConfigurationException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Chooses the files of a repository that are needed: not every form in which it holds its weights. */
final class HubFiles {
    private static final Pattern DESCRIPTION = Pattern.compile("[^/]+\\.(json|jinja|txt|model)");
    private static final Pattern FOREIGN_INDEX = Pattern.compile(".*\\.(bin|h5|msgpack)\\.index\\.json");

    private HubFiles() {}

    /** Configuration, tokenizer, templates, and the index of shards; all small. */
    static List<String> descriptions(List<String> files) {
        Set<String> folders = new TreeSet<>();
        if (isAdapter(files)) {
            files.stream().filter(HubFiles::isWeights).map(HubFiles::folder).forEach(folders::add);
        }
        return files.stream()
                .filter(file -> DESCRIPTION.matcher(file).matches()
                        || (file.endsWith(".json") && folders.contains(folder(file))))
                .filter(file -> !FOREIGN_INDEX.matcher(file).matches())
                .sorted()
                .toList();
    }

    /**
     * The files with tensors.
     *
     * @param shards the names in the index of shards; empty where there is no index
     * @throws ConfigurationException if there are none that may be read
     */
    static List<String> weights(String id, List<String> files, List<String> shards) {
        if (files.contains(WeightFiles.SINGLE)) {
            return List.of(WeightFiles.SINGLE);
        }
        if (!shards.isEmpty()) {
            return shards;
        }
        List<String> weights =
                new ArrayList<>(files.stream().filter(HubFiles::isWeights).toList());
        if (weights.isEmpty()) {
            throw new ConfigurationException("model '" + id + "' has no safetensors file among its " + files.size()
                    + " files; load it once in Python with transformers, store it by save_pretrained(folder,"
                    + " safe_serialization=True), and name that folder");
        }
        weights.sort(Comparator.naturalOrder());
        return weights;
    }

    private static boolean isWeights(String file) {
        return file.endsWith(".safetensors");
    }

    private static boolean isAdapter(List<String> files) {
        return !files.contains(WeightFiles.SINGLE) && !files.contains(ShardIndex.FILE);
    }

    private static String folder(String file) {
        return file.substring(0, file.lastIndexOf('/') + 1);
    }
}
