package dev.graft.standalone;

import dev.graft.standalone.terminal.Console;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;

/**
 * A command that was run as from a shell, in this process.
 *
 * @param code exit code
 * @param out what it printed
 * @param err what it printed on the error stream
 */
public record Run(int code, String out, String err) {
    /** Runs a command whose output is no terminal. */
    public static Run graft(String... arguments) {
        return typing("", arguments);
    }

    /** The same with a person's input. */
    public static Run typing(String input, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Console console = new Console(
                new BufferedReader(new StringReader(input)), new PrintWriter(out), new PrintWriter(err), false, 100);
        int code = Main.run(console, arguments);
        return new Run(code, out.toString(), err.toString());
    }
}
