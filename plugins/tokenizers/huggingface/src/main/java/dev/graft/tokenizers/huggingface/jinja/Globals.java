package dev.graft.tokenizers.huggingface.jinja;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The functions every chat template may call. */
final class Globals {
    private static final int LONGEST_RANGE = 100_000;

    private Globals() {}

    static Map<String, Object> all(Clock clock) {
        Map<String, Object> globals = new HashMap<>();
        globals.put("range", (Callable) Globals::range);
        globals.put("dict", (Callable) arguments -> {
            Map<Object, Object> map = new LinkedHashMap<>();
            if (arguments.has(0, "") && arguments.positional().get(0) instanceof Map<?, ?> given) {
                map.putAll(given);
            }
            map.putAll(arguments.named());
            return map;
        });
        globals.put("namespace", (Callable) arguments -> {
            Map<String, Object> attributes = new HashMap<>();
            if (!arguments.positional().isEmpty() && arguments.positional().get(0) instanceof Map<?, ?> given) {
                given.forEach((key, value) -> attributes.put(Values.string(key), value));
            }
            attributes.putAll(arguments.named());
            return new Namespace(attributes);
        });
        globals.put("joiner", (Callable) Globals::joiner);
        globals.put("raise_exception", (Callable) arguments -> {
            throw new TemplateException(Values.text(arguments.require(0, "message")));
        });
        globals.put("strftime_now", (Callable)
                arguments -> Strftime.format(Values.string(arguments.require(0, "format")), clock));
        return globals;
    }

    private static List<Object> range(Arguments arguments) {
        List<Object> given = arguments.positional();
        long start = given.size() > 1 ? Numbers.integer(given.get(0)) : 0;
        long end = Numbers.integer(given.size() > 1 ? given.get(1) : arguments.require(0, "stop"));
        long step = given.size() > 2 ? Numbers.integer(given.get(2)) : 1;
        if (step == 0) {
            throw new TemplateException("range() step must not be zero");
        }
        List<Object> result = new ArrayList<>();
        for (long i = start; step > 0 ? i < end : i > end; i += step) {
            result.add(i);
            if (result.size() > LONGEST_RANGE) {
                throw new TemplateException("range is longer than " + LONGEST_RANGE);
            }
        }
        return result;
    }

    private static Callable joiner(Arguments arguments) {
        Object separator = arguments.get(0, "sep", ", ");
        boolean[] used = {false};
        return call -> {
            boolean first = !used[0];
            used[0] = true;
            return first ? "" : separator;
        };
    }
}
