package dev.graft.kernel.plugin;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a plugin came from.
 *
 * @param name the name of its jar or, without one, of what it was found on
 * @param jar its jar; null where it comes from none
 * @param sha256 checksum of that jar in lower-case hexadecimal digits; null where the host took none
 * @param host which kind of host brought it
 */
public record Provenance(String name, Path jar, String sha256, String host) {
    /** Something that has only a name. */
    public static Provenance of(String name) {
        return new Provenance(name, null, null, "class path");
    }

    /** The checksum of the jar, taken now where the host took none; empty where there is no jar. */
    public Optional<String> checksum() {
        if (sha256 != null) {
            return Optional.of(sha256);
        }
        return Optional.ofNullable(jar).filter(Files::isRegularFile).map(Sha256::of);
    }

    /** The name. */
    @Override
    public String toString() {
        return name;
    }
}
