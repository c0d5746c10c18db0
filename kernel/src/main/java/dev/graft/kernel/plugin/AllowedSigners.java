package dev.graft.kernel.plugin;

import dev.graft.spi.config.ConfigurationException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The signers whose jars may be used. It is a file of certificates as {@code keytool -exportcert -rfc} writes them, or of
 * their SHA-256 fingerprints, one at the beginning of a line, of which the rest is for people. What counts is the
 * certificate that was signed with, not one that vouches for it.
 *
 * @param file where it stands
 * @param fingerprints of the certificates, in lower-case hexadecimal digits
 */
public record AllowedSigners(Path file, Set<String> fingerprints) {
    /** The name of the file that, where it lies in a folder of plugins, restricts that folder. */
    public static final String FILE = "allowed.certificates";

    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final String END = "-----END CERTIFICATE-----";
    private static final String FINGERPRINT = "[0-9a-f]{64}";

    /** Copies the set. */
    public AllowedSigners {
        fingerprints = Set.copyOf(fingerprints);
    }

    /**
     * The list of a folder; empty where it has none.
     *
     * @throws ConfigurationException if it holds something else
     */
    public static Optional<AllowedSigners> of(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new AllowedSigners(file, new Reading(file).fingerprints()));
        } catch (IOException e) {
            throw new ConfigurationException("the list of allowed signers " + file + " cannot be read: " + e, e);
        }
    }

    /** Why the signatures of a jar do not make it allowed, in a clause; empty if they do. */
    Optional<String> refusal(JarSignatures signatures) {
        if (signatures.broken().isPresent()) {
            return Optional.of(
                    "its signature does not hold: " + signatures.broken().get());
        }
        if (signatures.signers().values().stream().allMatch(List::isEmpty)) {
            return Optional.of("it is not signed by one of " + file);
        }
        return signatures.signers().entrySet().stream()
                .flatMap(entry -> refusal(entry.getKey(), entry.getValue()).stream())
                .findFirst();
    }

    private Optional<String> refusal(String entry, List<CodeSigner> signers) {
        String reason = "its entry " + entry + " is not signed, and all have to be, by one of " + file;
        for (CodeSigner signer : signers) {
            X509Certificate certificate = (X509Certificate)
                    signer.getSignerCertPath().getCertificates().get(0);
            Optional<String> problem = refusal(certificate);
            if (problem.isEmpty()) {
                return problem;
            }
            reason = problem.get();
        }
        return Optional.of(reason);
    }

    private Optional<String> refusal(X509Certificate certificate) {
        String who = certificate.getSubjectX500Principal().getName();
        String fingerprint = fingerprint(certificate);
        if (!fingerprints.contains(fingerprint)) {
            return Optional.of("it is signed by " + who + " with a certificate whose SHA-256 fingerprint " + fingerprint
                    + " is not in " + file);
        }
        try {
            certificate.checkValidity();
            return Optional.empty();
        } catch (CertificateExpiredException e) {
            return Optional.of("the certificate of " + who + " that it is signed with expired on "
                    + certificate.getNotAfter().toInstant());
        } catch (CertificateNotYetValidException e) {
            return Optional.of("the certificate of " + who + " that it is signed with begins to count on "
                    + certificate.getNotBefore().toInstant());
        }
    }

    /** SHA-256 of a certificate, in lower-case hexadecimal digits. */
    static String fingerprint(Certificate certificate) {
        try {
            return Sha256.of(certificate.getEncoded());
        } catch (CertificateException e) {
            throw new IllegalStateException("a certificate that was read can be written", e);
        }
    }

    /** One reading of a file. */
    private static final class Reading {
        private final Path file;
        private final Iterator<String> lines;
        private int number;

        Reading(Path file) throws IOException {
            this.file = file;
            this.lines = Files.readAllLines(file).iterator();
        }

        Set<String> fingerprints() {
            Set<String> fingerprints = new HashSet<>();
            while (lines.hasNext()) {
                String text = next();
                if (text.equals(BEGIN)) {
                    fingerprints.add(certificate());
                } else if (!text.isEmpty() && !text.startsWith("#")) {
                    fingerprints.add(fingerprint(text.split("\\s", 2)[0]));
                }
            }
            return fingerprints;
        }

        private String next() {
            number++;
            return lines.next().strip();
        }

        private String fingerprint(String word) {
            String digits = word.replace(":", "").toLowerCase(Locale.ROOT);
            if (!digits.matches(FINGERPRINT)) {
                throw new ConfigurationException(file + ":" + number + ": '" + word
                        + "' is no SHA-256 fingerprint of a certificate; expected 64 hexadecimal digits, or '" + BEGIN
                        + "'");
            }
            return digits;
        }

        private String certificate() {
            int first = number;
            StringBuilder pem = new StringBuilder(BEGIN).append('\n');
            String text = "";
            while (lines.hasNext() && !text.equals(END)) {
                text = next();
                pem.append(text).append('\n');
            }
            try {
                byte[] bytes = pem.toString().getBytes(StandardCharsets.US_ASCII);
                return AllowedSigners.fingerprint(
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes)));
            } catch (CertificateException e) {
                throw new ConfigurationException(
                        file + ":" + first + ": the certificate that begins here cannot be read: " + Failures.reason(e),
                        e);
            }
        }
    }
}
