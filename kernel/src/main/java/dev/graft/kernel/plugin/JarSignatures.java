package dev.graft.kernel.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * Who signed what of a jar. All of it is read for that, and held against its digests.
 *
 * @param signers those of every entry by its name, but for what signatures themselves are made of
 * @param broken what does not agree with the signatures, in a line; empty if nothing does
 */
record JarSignatures(Map<String, List<CodeSigner>> signers, Optional<String> broken) {
    /**
     * Reads and verifies a jar.
     *
     * @throws BrokenJarException if it is no jar
     */
    static JarSignatures of(Path jar) throws BrokenJarException {
        Map<String, List<CodeSigner>> signers = new TreeMap<>();
        try (JarFile file = new JarFile(jar.toFile(), true)) {
            for (JarEntry entry : file.stream().toList()) {
                if (entry.isDirectory() || isOfASignature(entry.getName())) {
                    continue;
                }
                if (signers.containsKey(entry.getName())) {
                    return new JarSignatures(signers, Optional.of(entry.getName() + " is in it twice"));
                }
                read(file, entry);
                CodeSigner[] found = entry.getCodeSigners();
                signers.put(entry.getName(), found == null ? List.of() : List.of(found));
            }
            return new JarSignatures(signers, Optional.empty());
        } catch (SecurityException e) {
            return new JarSignatures(signers, Optional.of(Failures.reason(e)));
        } catch (IOException e) {
            throw new BrokenJarException("it is no jar that can be read: " + Failures.reason(e));
        }
    }

    /** An entry has signers once it is read to its end. */
    private static void read(JarFile file, JarEntry entry) throws IOException {
        try (InputStream in = file.getInputStream(entry)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
    }

    /** The manifest, which holds the digests, and what signs it; see "Signed JAR File" in the JAR file specification. */
    private static boolean isOfASignature(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return upper.equals(JarFile.MANIFEST_NAME)
                || upper.matches("META-INF/[^/]+\\.(SF|RSA|DSA|EC)")
                || upper.matches("META-INF/SIG-[^/]+");
    }
}
