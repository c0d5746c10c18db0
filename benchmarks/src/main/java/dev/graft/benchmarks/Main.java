package dev.graft.benchmarks;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program that measures: prints one line of JSON, with the same keys as the scripts it stands beside. */
@Command(
        name = "graft-benchmarks",
        description = "Measure Graft on random weights.",
        subcommands = {TrainCommand.class, GenerateCommand.class, TechniqueCommand.class, TechniquesCommand.class})
public final class Main {
    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(run(new PrintWriter(System.out, true, StandardCharsets.UTF_8), arguments));
    }

    /** Runs a command that prints to a writer, and gives its exit code. */
    static int run(PrintWriter out, String... arguments) {
        return new CommandLine(new Main())
                .setOut(out)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments);
    }
}
