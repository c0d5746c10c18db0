package dev.graft.kernel.plugin;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Packages and their versions as the manifests of bundles list them. */
public final class PackageVersions {
    private static final Pattern CLAUSE =
            Pattern.compile("([\\w.]+)((?:\\s*;\\s*[\\w.:-]+=(?:\"[^\"]*\"|[^,;\"]*))*)\\s*(?:,|$)");
    private static final Pattern VERSION = Pattern.compile(";\\s*version=\"?([^\";]*)\"?");

    private PackageVersions() {}

    /** Versions, or ranges of them, by package, of {@code Export-Package} or {@code Import-Package}; 0 where there is none. */
    static Map<String, String> of(String header) {
        Map<String, String> versions = new LinkedHashMap<>();
        Matcher clause = CLAUSE.matcher(header);
        while (clause.find()) {
            Matcher version = VERSION.matcher(clause.group(2));
            versions.put(clause.group(1), version.find() ? version.group(1) : "0");
        }
        return versions;
    }

    /** {@code Export-Package} of the jar or directory of a class on the class path; empty where it has none. */
    public static Optional<String> exports(Class<?> member) {
        String path = member.getName().replace('.', '/') + ".class";
        String place = String.valueOf(member.getClassLoader().getResource(path));
        try {
            URL manifest = URI.create(place.substring(0, place.length() - path.length()) + JarFile.MANIFEST_NAME)
                    .toURL();
            try (InputStream in = manifest.openStream()) {
                return Optional.ofNullable(new Manifest(in).getMainAttributes().getValue("Export-Package"));
            }
        } catch (FileNotFoundException none) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
