package dev.graft.kernel.train;

import dev.graft.spi.config.ConfigurationException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a run stands, besides its tensors.
 *
 * @param step optimizer steps done
 * @param epoch pass over the data that the next batch belongs to
 * @param index batches of that pass already used
 * @param drawn random numbers drawn for dropout
 * @param seconds time spent so far
 * @param best best figure of an evaluation so far, or NaN
 * @param worse evaluations since the best one
 * @param counters counters of the optimizer
 */
record RunState(
        long step,
        long epoch,
        int index,
        long drawn,
        double seconds,
        double best,
        int worse,
        Map<String, Long> counters) {
    static RunState start() {
        return new RunState(0, 0, 0, 0, 0, Double.NaN, 0, Map.of());
    }

    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("step", step);
        map.put("epoch", epoch);
        map.put("index", index);
        map.put("drawn", drawn);
        map.put("seconds", seconds);
        map.put("best", Double.isNaN(best) ? null : best);
        map.put("worse", worse);
        map.put("counters", counters);
        return map;
    }

    /**
     * The state that a file holds.
     *
     * @throws ConfigurationException if a key is missing or no number, naming the file
     */
    static RunState of(Map<String, Object> map, Path file) {
        if (!(map.get("counters") instanceof Map<?, ?> counted)) {
            throw damaged(file, "counters");
        }
        Map<String, Long> counters = new LinkedHashMap<>();
        counted.forEach((name, count) -> {
            if (!(count instanceof Number number)) {
                throw damaged(file, "counters");
            }
            counters.put(String.valueOf(name), number.longValue());
        });
        return new RunState(
                number(map, "step", file).longValue(),
                number(map, "epoch", file).longValue(),
                number(map, "index", file).intValue(),
                number(map, "drawn", file).longValue(),
                number(map, "seconds", file).doubleValue(),
                map.get("best") == null ? Double.NaN : number(map, "best", file).doubleValue(),
                number(map, "worse", file).intValue(),
                counters);
    }

    private static Number number(Map<String, Object> map, String key, Path file) {
        if (map.get(key) instanceof Number number) {
            return number;
        }
        throw damaged(file, key);
    }

    private static ConfigurationException damaged(Path file, String key) {
        return new ConfigurationException(file + " is not the state of a run: '" + key + "' is missing or damaged");
    }
}
