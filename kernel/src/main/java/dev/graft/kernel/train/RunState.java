package dev.graft.kernel.train;

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

    static RunState of(Map<String, Object> map) {
        Map<String, Long> counters = new LinkedHashMap<>();
        ((Map<?, ?>) map.get("counters"))
                .forEach((name, count) -> counters.put(String.valueOf(name), ((Number) count).longValue()));
        Object best = map.get("best");
        return new RunState(
                number(map, "step").longValue(),
                number(map, "epoch").longValue(),
                number(map, "index").intValue(),
                number(map, "drawn").longValue(),
                number(map, "seconds").doubleValue(),
                best == null ? Double.NaN : ((Number) best).doubleValue(),
                number(map, "worse").intValue(),
                counters);
    }

    private static Number number(Map<String, Object> map, String key) {
        return (Number) map.get(key);
    }
}
