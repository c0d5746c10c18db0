package dev.graft.tck.bundle;

import dev.graft.spi.plugin.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Arrays;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The version of the contracts, and ranges of it. */
public final class SpiVersion {
    private static final Pattern RANGE =
            Pattern.compile("([\\[(])(\\d+(?:\\.\\d+){0,2})[^,]*,(\\d+(?:\\.\\d+){0,2})[^\\])]*([\\])])");

    private SpiVersion() {}

    /** The version of the contracts that this program runs, three numbers. */
    public static String current() {
        String type = "/" + Provider.class.getName().replace('.', '/') + ".class";
        URL location = Provider.class.getResource(type);
        String root = location.toString().substring(0, location.toString().length() - type.length());
        try (InputStream in = new URL(root + "/META-INF/MANIFEST.MF").openStream()) {
            String version = new Manifest(in).getMainAttributes().getValue("Bundle-Version");
            Matcher numbers = Pattern.compile("\\d+\\.\\d+\\.\\d+").matcher(version);
            return numbers.find() ? numbers.group() : version;
        } catch (IOException e) {
            throw new UncheckedIOException("the contracts carry no manifest", e);
        }
    }

    /** Whether an OSGi range has both ends and holds a version; a version alone has no upper end. */
    static boolean holds(String range, String version) {
        Matcher ends = RANGE.matcher(range);
        if (!ends.matches()) {
            return false;
        }
        int low = compare(version, ends.group(2));
        int high = compare(version, ends.group(3));
        return (low > 0 || (low == 0 && ends.group(1).equals("[")))
                && (high < 0 || (high == 0 && ends.group(4).equals("]")));
    }

    private static int compare(String left, String right) {
        return Arrays.compare(numbers(left), numbers(right));
    }

    private static int[] numbers(String version) {
        String[] parts = version.split("\\.", -1);
        int[] numbers = new int[3];
        for (int i = 0; i < Math.min(3, parts.length); i++) {
            numbers[i] = Integer.parseInt(parts[i]);
        }
        return numbers;
    }
}
