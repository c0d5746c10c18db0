package dev.graft.kernel.plugin;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A plugin of a folder that another process uses.
 *
 * @param kind what it is
 * @param id its id
 * @param version its version
 * @param sha256 checksum of its jar, which tells one from another that took its place
 * @param holder who uses it, for instance {@code training run runs/quickstart}
 * @param process the id of the process
 */
public record HeldPlugin(PluginKind kind, String id, String version, String sha256, String holder, long process) {
    private static final String SEPARATOR = "\t";

    /** What other processes use of some folders; those that ended without saying so are forgotten. */
    public static List<HeldPlugin> elsewhere(Iterable<Path> folders) {
        List<HeldPlugin> held = new ArrayList<>();
        folders.forEach(folder -> held.addAll(HolderNotes.others(folder)));
        return held;
    }

    /** What this process uses. */
    static HeldPlugin here(Plugin plugin, String holder) {
        return new HeldPlugin(
                plugin.kind(),
                plugin.id(),
                plugin.version(),
                plugin.provenance().sha256(),
                holder,
                ProcessHandle.current().pid());
    }

    /** Whether it is this plugin, of this very jar. */
    public boolean is(Plugin plugin) {
        return kind == plugin.kind()
                && id.equals(plugin.id())
                && version.equals(plugin.version())
                && sha256.equals(plugin.provenance().sha256());
    }

    /** The holder and its process, for instance {@code training run runs/quickstart (process 4711)}. */
    public String who() {
        return holder + " (process " + process + ")";
    }

    /** As a line of a note; the process is the note's. */
    String line() {
        return String.join(SEPARATOR, kind.text(), id, version, sha256, holder.replaceAll("\\s", " "));
    }

    /** Reads a line; empty if it is none. */
    static Optional<HeldPlugin> parse(String line, long process) {
        String[] words = line.split(SEPARATOR, -1);
        if (words.length != 5) {
            return Optional.empty();
        }
        return PluginKind.of(words[0])
                .map(kind -> new HeldPlugin(kind, words[1], words[2], words[3], words[4], process));
    }
}
