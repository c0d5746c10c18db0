package dev.graft.standalone.terminal;

import java.nio.file.Path;

/** Words of a command line that a person can copy. */
public final class ShellWord {
    private ShellWord() {}

    /** A path, relative where it lies below the working directory. */
    public static String of(Path path) {
        Path here = Path.of("").toAbsolutePath();
        Path full = path.toAbsolutePath().normalize();
        return of(
                full.startsWith(here) && !full.equals(here)
                        ? here.relativize(full).toString()
                        : path.toString());
    }

    /** A word, quoted if the shell would see anything in it. */
    public static String of(String word) {
        return word.matches("[\\w./@:=+,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
