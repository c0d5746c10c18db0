package dev.graft.standalone;

import dev.graft.kernel.config.NearestName;
import dev.graft.kernel.plugin.PluginFailure;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.standalone.command.GraftCommand;
import dev.graft.standalone.terminal.Console;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The program {@code graft}. Exit codes: 0 done, 1 failed or the answer is no, 2 input that a person has to mend, which
 * gets one sentence on the error stream.
 */
public final class Main {
    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(run(Console.system(), arguments));
    }

    /** Runs a command on a console and gives its exit code. */
    public static int run(Console console, String... arguments) {
        GraftCommand graft = new GraftCommand(console);
        CommandLine line = new CommandLine(graft)
                .setOut(console.out())
                .setErr(console.err())
                .setColorScheme(CommandLine.Help.defaultColorScheme(colours(console)))
                .setUsageHelpWidth(Math.min(console.columns(), 110))
                .setUsageHelpAutoWidth(false)
                .setAbbreviatedOptionsAllowed(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> report(graft, console, failure))
                .setParameterExceptionHandler((wrong, given) -> reject(console, wrong));
        try {
            return line.execute(arguments);
        } catch (OutOfMemoryError | LinkageError | StackOverflowError failure) {
            return report(graft, console, failure);
        } finally {
            graft.close();
            console.out().flush();
            console.err().flush();
        }
    }

    private static CommandLine.Help.Ansi colours(Console console) {
        boolean wanted = console.interactive() && System.getenv("NO_COLOR") == null;
        return wanted ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF;
    }

    private static int report(GraftCommand graft, Console console, Throwable failure) {
        boolean badInput = failure instanceof ConfigurationException;
        boolean told = badInput || failure instanceof PluginFailure;
        String message = failure.getMessage() == null || !told
                ? failure.getClass().getSimpleName() + (failure.getMessage() == null ? "" : ": " + failure.getMessage())
                : failure.getMessage();
        console.err().println("graft: " + message);
        if (graft.stackTrace()) {
            failure.printStackTrace(console.err());
        } else if (!badInput) {
            console.err().println("graft: --stack-trace shows where");
        }
        return badInput ? GraftCommand.BAD_INPUT : GraftCommand.FAILED;
    }

    private static int reject(Console console, ParameterException wrong) {
        CommandSpec command = wrong.getCommandLine().getCommandSpec();
        String message = wrong instanceof UnmatchedArgumentException unmatched
                ? unknown(unmatched.getUnmatched().get(0), command)
                : wrong.getMessage();
        console.err().println("graft: " + message + " (see " + command.qualifiedName() + " --help)");
        return GraftCommand.BAD_INPUT;
    }

    private static String unknown(String word, CommandSpec command) {
        boolean option = word.startsWith("-");
        Set<String> known = new TreeSet<>(
                option ? command.optionsMap().keySet() : command.subcommands().keySet());
        if (!option && known.isEmpty()) {
            return "'" + word + "' is one argument too many for " + command.qualifiedName();
        }
        return command.qualifiedName() + " has no " + (option ? "option" : "command") + " '" + word + "'; "
                + NearestName.suggestion(word, known);
    }
}
