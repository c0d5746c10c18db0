package dev.graft.kernel.plugin;

import dev.graft.spi.plugin.Provider;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Attributes;

/**
 * The versions of the contracts' packages, as {@code Export-Package} in the manifest of {@code spi} has them, against
 * which the {@code Import-Package} of a plugin's jar is held.
 *
 * @param packages version by name of package; empty where {@code spi} has no manifest, which leaves all unchecked
 */
public record ContractVersions(Map<String, String> packages) {
    private static final String CONTRACTS = "dev.graft.spi.";

    /** Copies the map. */
    public ContractVersions {
        packages = Map.copyOf(packages);
    }

    /** Those of the running program. */
    public static ContractVersions running() {
        return Running.VERSIONS;
    }

    /**
     * Checks that what a jar imports of the contracts is there.
     *
     * @throws BrokenJarException if it is not, with what is asked for and what there is
     */
    void check(Attributes headers) throws BrokenJarException {
        String imports = headers.getValue("Import-Package");
        if (imports == null || packages.isEmpty()) {
            return;
        }
        for (Map.Entry<String, String> wanted : PackageVersions.of(imports).entrySet()) {
            if (wanted.getKey().startsWith(CONTRACTS)) {
                check(wanted.getKey(), wanted.getValue());
            }
        }
    }

    private void check(String name, String range) throws BrokenJarException {
        String version = packages.get(name);
        if (version == null || !VersionRange.parse(range).includes(PluginVersion.parse(version))) {
            throw new BrokenJarException("it is made for another version of the contracts: it needs " + name + " "
                    + range + ", and this program has "
                    + Optional.ofNullable(version).orElse("no such package"));
        }
    }

    /** Read once, when first asked for. */
    private static final class Running {
        static final ContractVersions VERSIONS = new ContractVersions(
                PackageVersions.exports(Provider.class).map(PackageVersions::of).orElse(Map.of()));
    }
}
