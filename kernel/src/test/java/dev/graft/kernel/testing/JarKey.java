package dev.graft.kernel.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipFile;
import jdk.security.jarsigner.JarSigner;

/**
 * A key that jars are signed with, and its certificate, which nobody but itself vouches for.
 *
 * @param owner what whoever has it is called
 * @param entry key and certificate
 */
public record JarKey(String owner, KeyStore.PrivateKeyEntry entry) {
    private static final String PASSWORD = "password";

    /**
     * Makes a key.
     *
     * @param directory for the store that the key is made in
     * @param owner what it is called, one word
     * @param begin when its certificate begins to count, as {@code keytool -startdate} has it
     * @param days for how many days it counts
     */
    public static JarKey of(Path directory, String owner, String begin, int days) {
        Path store = directory.resolve(owner + ".p12");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-alias",
                owner,
                "-dname",
                "CN=" + owner,
                "-keyalg",
                "EC",
                "-startdate",
                begin,
                "-validity",
                Integer.toString(days));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("keytool fails: " + output);
            }
            KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
            return new JarKey(owner, (KeyStore.PrivateKeyEntry)
                    keys.getEntry(owner, new KeyStore.PasswordProtection(PASSWORD.toCharArray())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A key whose certificate counts now. */
    public static JarKey of(Path directory, String owner) {
        return of(directory, owner, "-1d", 30);
    }

    /** Signs a jar in place, beside others who have. */
    public Path sign(Path jar) {
        try {
            Path signed = Files.createTempFile(jar.getParent(), ".", ".signed");
            try (ZipFile in = new ZipFile(jar.toFile());
                    OutputStream out = Files.newOutputStream(signed)) {
                new JarSigner.Builder(entry)
                        .signerName(owner.toUpperCase(Locale.ROOT))
                        .build()
                        .sign(in, out);
            }
            return Files.move(signed, jar, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its certificate as bytes. */
    public byte[] certificate() {
        try {
            return entry.getCertificate().getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Its certificate as {@code keytool -exportcert -rfc} writes it. */
    public String pem() {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(certificate())
                + "\n-----END CERTIFICATE-----\n";
    }
}
