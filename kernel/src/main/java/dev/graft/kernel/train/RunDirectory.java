package dev.graft.kernel.train;

import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.recipe.RecipeReader;
import dev.graft.kernel.storage.AtomicFile;
import dev.graft.spi.config.ConfigurationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The files of one run: {@code recipe.yaml} as it is run, {@code checkpoints/} to resume from, and {@code adapter/},
 * the result.
 *
 * @param root the run's directory
 */
public record RunDirectory(Path root) {
    private static final String STEP = "step-";

    /** The recipe as it is run. */
    public Path recipe() {
        return root.resolve("recipe.yaml");
    }

    /** The trained adapter. */
    public Path adapter() {
        return root.resolve("adapter");
    }

    /**
     * What the objective of a task computed ahead of training.
     *
     * @param task its name; empty where there is but one
     */
    Path ahead(String task) {
        return root.resolve(task.isEmpty() ? "ahead.json" : "ahead-" + task + ".json");
    }

    Path best() {
        return root.resolve("best");
    }

    Path checkpoint(long step) {
        return checkpoints().resolve(String.format(Locale.ROOT, "%s%08d", STEP, step));
    }

    private Path checkpoints() {
        return root.resolve("checkpoints");
    }

    /** Whether the run here came to its end; the adapter is written last. */
    public boolean finished() {
        return Files.isDirectory(adapter());
    }

    /**
     * Makes sure that a run can begin here.
     *
     * @throws ConfigurationException if another run is there and may not be replaced, or nothing can be written
     */
    void check(Recipe recipe) {
        if (Files.exists(recipe()) && !recipe.overwrite()) {
            throw new ConfigurationException("output " + root + " holds a run already: resume it, choose another"
                    + " directory, or set overwrite to true");
        }
        if (Files.exists(root) && !Files.isDirectory(root)) {
            throw new ConfigurationException("output " + root + " is a file; it must be a directory, or not exist");
        }
        for (Path own : List.of(checkpoints(), best(), adapter())) {
            if (Files.exists(own) && !recipe.overwrite()) {
                throw new ConfigurationException("output " + root + " holds " + own.getFileName()
                        + ", which the run would replace: choose another directory, or set overwrite to true");
            }
        }
        Path there = root.toAbsolutePath().normalize();
        while (!Files.exists(there)) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there)) {
            throw new ConfigurationException("output " + root + " cannot be created: " + there + " is a file");
        }
        if (!Files.isWritable(there)) {
            throw new ConfigurationException("output " + root + " cannot be written: " + there + " does not allow it");
        }
    }

    /**
     * Begins a run.
     *
     * @throws ConfigurationException if another run is there and may not be replaced, or nothing can be written
     */
    void begin(Recipe recipe) {
        check(recipe);
        remove(checkpoints());
        remove(best());
        remove(adapter());
        AtomicFile.write(recipe(), RecipeReader.write(recipe).getBytes(StandardCharsets.UTF_8));
    }

    /** The checkpoints that are there, the latest first. */
    List<Path> latestFirst() {
        List<Path> all = new ArrayList<>(all());
        Collections.reverse(all);
        return all;
    }

    /** Removes all checkpoints but the latest ones. */
    void prune(int keep) {
        List<Path> all = all();
        all.subList(0, Math.max(0, all.size() - keep)).forEach(RunDirectory::remove);
    }

    private List<Path> all() {
        if (!Files.isDirectory(checkpoints())) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(checkpoints())) {
            return entries.filter(entry -> entry.getFileName().toString().matches(STEP + "\\d+"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> entries = Files.walk(directory)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(entry);
            }
        } catch (IOException e) {
            throw new ConfigurationException(directory + " cannot be removed: " + e.getMessage(), e);
        }
    }
}
