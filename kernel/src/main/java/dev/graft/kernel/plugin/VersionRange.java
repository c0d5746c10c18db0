package dev.graft.kernel.plugin;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of versions as OSGi writes it: {@code [1.0,2)} from the first to below the second, {@code 1.0} from there on.
 *
 * @param lowest where it begins
 * @param includesLowest whether that belongs to it
 * @param highest where it ends; empty if nowhere
 * @param includesHighest whether that belongs to it
 */
record VersionRange(
        PluginVersion lowest, boolean includesLowest, Optional<PluginVersion> highest, boolean includesHighest) {
    private static final Pattern INTERVAL = Pattern.compile("([\\[(])\\s*([^,]+?)\\s*,\\s*([^,]+?)\\s*([\\])])");

    /**
     * Reads a range.
     *
     * @throws BrokenJarException if it is malformed
     */
    static VersionRange parse(String text) throws BrokenJarException {
        Matcher interval = INTERVAL.matcher(text);
        try {
            return interval.matches()
                    ? new VersionRange(
                            PluginVersion.parse(interval.group(2)),
                            interval.group(1).equals("["),
                            Optional.of(PluginVersion.parse(interval.group(3))),
                            interval.group(4).equals("]"))
                    : new VersionRange(PluginVersion.parse(text), true, Optional.empty(), false);
        } catch (IllegalArgumentException e) {
            throw new BrokenJarException("its manifest has the version range '" + text + "', which is malformed");
        }
    }

    boolean includes(PluginVersion version) {
        int low = version.compareTo(lowest);
        int high = highest.map(version::compareTo).orElse(-1);
        return (low > 0 || (low == 0 && includesLowest)) && (high < 0 || (high == 0 && includesHighest));
    }
}
