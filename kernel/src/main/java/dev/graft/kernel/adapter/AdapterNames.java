package dev.graft.kernel.adapter;

import dev.graft.spi.config.ConfigurationException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Names of attachments, which are names of folders too. */
final class AdapterNames {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*");

    private AdapterNames() {}

    static boolean isPlain(String name) {
        return PLAIN.matcher(name).matches();
    }

    /**
     * Checks names that become folders side by side.
     *
     * @throws ConfigurationException if one cannot be a folder or is there twice
     */
    static void require(List<String> names) {
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!isPlain(name)) {
                throw new ConfigurationException(
                        "an adapter cannot be named '" + name
                                + "'; allowed are letters, digits, hyphens, dots and underscores, with no hyphen or dot in front");
            }
            if (!seen.add(name)) {
                throw new ConfigurationException(
                        "two adapters are named '" + name + "', but each name may be given once");
            }
        }
    }
}
