package dev.graft.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures every technique on one task and writes the table of them. */
@Command(
        name = "techniques",
        description = "Measure all techniques on one task and write the table into a page.",
        mixinStandardHelpOptions = true)
final class TechniquesCommand implements Runnable {
    @Option(
            names = "--techniques",
            defaultValue = "benchmarks/techniques/techniques.yaml",
            description = "What is measured (default: ${DEFAULT-VALUE}).")
    private Path file;

    @Option(
            names = "--recipes",
            defaultValue = "examples",
            description = "Directory of the recipes (default: ${DEFAULT-VALUE}).")
    private Path recipes;

    @Option(
            names = "--page",
            defaultValue = "docs/techniques.md",
            description = "Page whose table is replaced (default: ${DEFAULT-VALUE}).")
    private Path page;

    @Option(
            names = "--output",
            defaultValue = "runs/techniques",
            description = "Directory for the runs; what was measured into it is kept (default: ${DEFAULT-VALUE}).")
    private Path output;

    @Option(
            names = "--only",
            description = "Measure techniques again whose name holds this text, others only if missing.")
    private String only;

    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        try {
            Map<Technique, JsonNode> lines = new LinkedHashMap<>();
            for (Technique technique : Technique.read(file)) {
                lines.put(technique, measured(technique));
            }
            TechniquePage.write(page, lines);
        } catch (IOException e) {
            throw new IllegalStateException("cannot measure: " + e.getMessage(), e);
        }
    }

    private JsonNode measured(Technique technique) throws IOException {
        Path directory = output.resolve(technique.slug());
        Path result = directory.resolve("figures.json");
        ObjectMapper json = new ObjectMapper();
        if (Files.exists(result) && (only == null || !technique.name().contains(only))) {
            return json.readTree(result.toFile());
        }
        PrintWriter out = command.commandLine().getOut();
        out.println(technique.name());
        out.flush();
        List<String> adapters = new ArrayList<>();
        for (List<String> run : technique.before()) {
            adapters.add(before(run, directory.resolve("before-" + adapters.size())));
        }
        List<String> arguments = new ArrayList<>(List.of(
                "technique",
                recipes.resolve("quickstart.yaml").toString(),
                "--output=" + directory,
                "--examples=16:60,100:120"));
        technique.change().forEach(value -> arguments.add(value.replace("{before}", String.join(", ", adapters))));
        String line = child(arguments).lines().reduce((earlier, later) -> later).orElse("");
        Files.writeString(result, line);
        out.println("  " + line);
        out.flush();
        return json.readTree(line);
    }

    /** Trains an adapter that is built upon, and gives its directory. */
    private String before(List<String> values, Path run) throws IOException {
        String recipe = values.get(0).substring("recipe=".length());
        List<String> arguments = new ArrayList<>(
                List.of("technique", recipes.resolve(recipe + ".yaml").toString(), "--output=" + run, "--passes=1"));
        arguments.addAll(values.subList(1, values.size()));
        child(arguments);
        return run.resolve("all").resolve("adapter").toAbsolutePath().toString();
    }

    /** Runs this program in a process of its own and gives what it prints. */
    private static String child(List<String> arguments) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:+UseSerialGC",
                "-Xms32m",
                "-Xmn16m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        line.addAll(arguments);
        Process process = new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", arguments) + " failed");
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return printed;
    }
}
