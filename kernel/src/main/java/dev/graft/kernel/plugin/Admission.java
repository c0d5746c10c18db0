package dev.graft.kernel.plugin;

import dev.graft.spi.config.ConfigurationException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which jars a folder takes: all, or where it has a list of checksums, of signers, or both, those that one of them allows.
 *
 * @param checksums its list of checksums, if it has one
 * @param signers its list of signers, if it has one
 */
public record Admission(Optional<AllowList> checksums, Optional<AllowedSigners> signers) {
    /** The files that say so. A change of theirs counts for every jar of the folder. */
    static final List<String> FILES = List.of(AllowList.FILE, AllowedSigners.FILE);

    /**
     * What a folder says.
     *
     * @throws ConfigurationException if a list cannot be read
     */
    public static Admission of(Path folder) {
        return new Admission(AllowList.of(folder), AllowedSigners.of(folder));
    }

    /**
     * Checks a jar.
     *
     * @param jar the file, which does not change meanwhile
     * @param checksum its SHA-256
     * @throws BrokenJarException if it is not allowed, or has to be read and is no jar
     */
    public void check(Path jar, String checksum) throws BrokenJarException {
        List<String> refusals = new ArrayList<>();
        if (checksums.isPresent()) {
            Optional<String> refusal = checksums.get().refusal(checksum);
            if (refusal.isEmpty()) {
                return;
            }
            refusals.add(refusal.get());
        }
        if (signers.isPresent()) {
            Optional<String> refusal = signers.get().refusal(JarSignatures.of(jar));
            if (refusal.isEmpty()) {
                return;
            }
            refusals.add(refusal.get());
        }
        if (!refusals.isEmpty()) {
            throw new BrokenJarException("it is not allowed: " + String.join(", and ", refusals));
        }
    }
}
