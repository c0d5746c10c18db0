package dev.graft.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Results on their way to one line of JSON. */
final class Figures {
    private static final Path STATUS = Path.of("/proc/self/status");
    private final Map<String, Object> values = new LinkedHashMap<>();

    /** Figures of this program. */
    static Figures ofGraft() {
        return new Figures().put("peer", "graft");
    }

    Figures put(String key, Object value) {
        values.put(key, value);
        return this;
    }

    /** A number with so many places behind the point. */
    Figures put(String key, double value, int places) {
        return put(key, BigDecimal.valueOf(value).setScale(places, RoundingMode.HALF_EVEN));
    }

    /** The most physical memory that this process has held, in MiB; null where the system does not say. */
    Figures putPeakMemory() {
        return put("peak_rss_mb", peakMebibytes());
    }

    private static Long peakMebibytes() {
        if (!Files.isReadable(STATUS)) {
            return null;
        }
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        try {
            return new ObjectMapper().writeValueAsString(values);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
