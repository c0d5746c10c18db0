package dev.graft.standalone.examples;

import dev.graft.kernel.plugin.ServiceLoaderHost;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.recipe.RecipeReader;
import dev.graft.standalone.command.Defaults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A recipe among the examples, as someone finds it in a fresh clone.
 *
 * @param file its path inside the repository, such as {@code examples/quickstart.yaml}
 */
record ExampleRecipe(Path file) {
    static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    /** All of them. */
    static List<ExampleRecipe> all() {
        try (Stream<Path> files = Files.walk(ROOT.resolve("examples"))) {
            return files.filter(path -> path.toString().endsWith(".yaml"))
                    .map(ROOT::relativize)
                    .filter(path -> !path.startsWith("examples/runs"))
                    .filter(path -> Stream.of("target", "src")
                            .noneMatch(name -> path.toString().contains("/" + name + "/")))
                    .sorted()
                    .map(ExampleRecipe::new)
                    .filter(ExampleRecipe::isRecipe)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it names a model; what does not is a plan that names recipes. */
    private boolean isRecipe() {
        try (Stream<String> lines = Files.lines(ROOT.resolve(file))) {
            return lines.anyMatch(line -> line.startsWith("model:"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The recipe, with what is not beside it looked up in a working directory. */
    Recipe read(Path workingDirectory, String... changes) {
        return new RecipeReader(
                        new ServiceLoaderHost(ExampleRecipe.class.getClassLoader()).registry(),
                        Defaults.SECTIONS,
                        workingDirectory)
                .read(ROOT.resolve(file), List.of(changes));
    }

    /** The comment that it begins with, without the comment signs. */
    List<String> introduction() {
        try (Stream<String> lines = Files.lines(ROOT.resolve(file))) {
            return lines.takeWhile(line -> line.startsWith("#"))
                    .map(line -> line.substring(1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The commands of the introduction: its lines that are set in, without what is said about them. */
    List<String> commands() {
        return introduction().stream()
                .filter(line -> line.startsWith("   "))
                .map(line -> line.replaceFirst("\\s#.*", "").strip())
                .toList();
    }

    /**
     * Puts into a working directory what the commands before the last leave behind: adapters of recipes that are trained
     * first, and files that are named and not part of the repository.
     */
    void follow(Path workingDirectory) throws IOException {
        Map<String, String> outputs = new TreeMap<>();
        for (ExampleRecipe other : all()) {
            if (!other.equals(this)) {
                outputs.put("./graft train " + other.file(), other.output());
            }
        }
        for (String command : commands()) {
            if (outputs.containsKey(command)) {
                Files.createDirectories(
                        workingDirectory.resolve(outputs.get(command)).resolve("adapter"));
            }
            for (String word : command.split("[ \"]", -1)) {
                boolean beside = word.startsWith("examples/") && Files.notExists(ROOT.resolve(word));
                if (beside || word.matches("runs/.*\\.jsonl")) {
                    Path named = Path.of(word);
                    Path made = workingDirectory.resolve(
                            beside ? file.getParent().relativize(named).toString() : word);
                    Files.createDirectories(made.getParent());
                    Files.writeString(made, "");
                }
            }
        }
    }

    private String output() {
        try (Stream<String> lines = Files.lines(ROOT.resolve(file))) {
            return lines.filter(line -> line.startsWith("output: "))
                    .map(line -> line.substring("output: ".length()).strip())
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
