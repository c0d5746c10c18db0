package dev.graft.kernel.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.plugin.AllowList;
import dev.graft.kernel.plugin.AllowedSigners;
import dev.graft.kernel.plugin.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** What every host of plugin jars must stand where a folder has a list of signers. */
final class SignerChecks {
    private SignerChecks() {}

    static void signersSayWhatIsAllowed(HostBench bench) throws IOException {
        JarKey trusted = JarKey.of(bench.fresh(), "Trusted");
        JarKey stranger = JarKey.of(bench.fresh(), "Stranger");
        JarKey expired = JarKey.of(bench.fresh(), "Expired", "-9d", 2);
        JarKey early = JarKey.of(bench.fresh(), "Early", "+9d", 2);
        trusted.sign(plugin("signed").into(bench.folder));
        plugin("unsigned").into(bench.folder);
        stranger.sign(plugin("strange").into(bench.folder));
        expired.sign(plugin("late").into(bench.folder));
        early.sign(plugin("early").into(bench.folder));
        changed(trusted.sign(plugin("tampered").into(bench.folder)), "some/file", "else");
        changed(trusted.sign(plugin("added").into(bench.folder)), "some/more", "more");
        trusted.sign(stranger.sign(plugin("twice").into(bench.folder)));
        Path list = bench.folder.resolve(AllowedSigners.FILE).toAbsolutePath();
        Files.writeString(list, "# those we trust\n" + trusted.pem() + "\n" + expired.pem() + early.pem());
        bench.host.scan();

        assertThat(bench.names()).containsExactly("optimizer signed@1.0.0", "optimizer twice@1.0.0");
        assertThat(bench.registry.optimizer("signed").summary()).isEqualTo("a sample");
        List<String> lines = bench.broken();
        assertThat(lines).hasSize(6).noneMatch(line -> line.contains("\n"));
        assertThat(lines.get(0))
                .isEqualTo(
                        "skipped added.jar: it is not allowed: its entry some/more is not signed, and all have to be,"
                                + " by one of " + list);
        assertThat(lines.get(1))
                .startsWith("skipped early.jar: it is not allowed: the certificate of CN=Early that it is signed with"
                        + " begins to count on 2");
        assertThat(lines.get(2))
                .startsWith("skipped late.jar: it is not allowed: the certificate of CN=Expired that it is signed with"
                        + " expired on 2");
        assertThat(lines.get(3))
                .isEqualTo(
                        "skipped strange.jar: it is not allowed: it is signed by CN=Stranger with a certificate whose"
                                + " SHA-256 fingerprint " + fingerprint(stranger) + " is not in " + list);
        assertThat(lines.get(4))
                .startsWith("skipped tampered.jar: it is not allowed: its signature does not hold: SecurityException")
                .contains("some/file");
        assertThat(lines.get(5))
                .isEqualTo("skipped unsigned.jar: it is not allowed: it is not signed by one of " + list);
    }

    static void aListOfSignersCountsWhenItChanges(HostBench bench) throws IOException {
        JarKey one = JarKey.of(bench.fresh(), "One");
        JarKey other = JarKey.of(bench.fresh(), "Other");
        one.sign(plugin("one").into(bench.folder));
        other.sign(plugin("other").into(bench.folder));
        Path unsigned = plugin("unsigned").into(bench.folder);
        Path list = bench.folder.resolve(AllowedSigners.FILE).toAbsolutePath();
        Files.writeString(list, colons(fingerprint(one)) + " CN=One\n");
        bench.host.scan();
        assertThat(bench.names()).containsExactly("optimizer one@1.0.0");

        Files.writeString(list, fingerprint(other) + "\n");
        bench.host.scan();
        assertThat(bench.names()).containsExactly("optimizer other@1.0.0");
        Files.writeString(bench.folder.resolve(AllowList.FILE), Sha256.of(unsigned) + "\n");
        bench.host.scan();
        assertThat(bench.names())
                .as("either list will do")
                .containsExactly("optimizer other@1.0.0", "optimizer unsigned@1.0.0");
        assertThat(bench.broken())
                .singleElement()
                .asString()
                .startsWith("skipped one.jar: it is not allowed: its SHA-256 ")
                .contains("allowed.sha256, and it is signed by CN=One with");
        Files.writeString(list, "one.jar\n");
        bench.host.scan();
        assertThat(bench.broken())
                .isNotEmpty()
                .allMatch(line ->
                        line.contains("allowed.certificates:1: 'one.jar' is no SHA-256 fingerprint of a certificate"));
        Files.writeString(list, "-----BEGIN CERTIFICATE-----\nnothing\n-----END CERTIFICATE-----\n");
        bench.host.scan();
        assertThat(bench.broken())
                .isNotEmpty()
                .allMatch(line ->
                        line.contains("allowed.certificates:1: the certificate that begins here cannot be read"));
        Files.delete(list);
        Files.delete(bench.folder.resolve(AllowList.FILE));
        bench.host.scan();
        assertThat(bench.names()).hasSize(3);
        assertThat(bench.broken()).isEmpty();
    }

    private static JarBuilder plugin(String id) {
        return SamplePlugin.of(id).jar(id, "1.0.0").entry("some/file", new byte[] {1, 2, 3});
    }

    private static String fingerprint(JarKey key) {
        return Sha256.of(key.certificate());
    }

    private static String colons(String fingerprint) {
        return fingerprint.toUpperCase(Locale.ROOT).replaceAll("..(?!$)", "$0:");
    }

    /** Has an entry of a jar say something else, or adds it. */
    private static void changed(Path jar, String name, String content) throws IOException {
        Path other = jar.resolveSibling(".changed");
        try (ZipFile in = new ZipFile(jar.toFile());
                OutputStream file = Files.newOutputStream(other);
                ZipOutputStream out = new ZipOutputStream(file)) {
            for (ZipEntry entry : in.stream().toList()) {
                if (!entry.getName().equals(name)) {
                    out.putNextEntry(new ZipEntry(entry.getName()));
                    in.getInputStream(entry).transferTo(out);
                }
            }
            out.putNextEntry(new ZipEntry(name));
            out.write(content.getBytes(StandardCharsets.UTF_8));
        }
        Files.move(other, jar, StandardCopyOption.REPLACE_EXISTING);
    }
}
