package dev.graft.tokenizers.huggingface.jinja;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's {@code format % values} for strings, integers and floating-point numbers. */
final class PercentFormat {
    private static final Pattern PLACE = Pattern.compile("%([-+ 0#]*)(\\d*)(\\.\\d+)?([sdifeEgGxXor%])");

    private PercentFormat() {}

    static String apply(String format, Object values) {
        List<?> arguments = values instanceof Tuple tuple ? tuple : List.of(values);
        StringBuilder result = new StringBuilder();
        Matcher matcher = PLACE.matcher(format);
        int from = 0;
        int next = 0;
        while (matcher.find()) {
            result.append(format.substring(from, matcher.start()));
            from = matcher.end();
            if (matcher.group(4).equals("%")) {
                result.append('%');
                continue;
            }
            if (next >= arguments.size()) {
                throw new TemplateException("not enough arguments for format string");
            }
            result.append(one(matcher, arguments.get(next++)));
        }
        if (next < arguments.size()) {
            throw new TemplateException("not all arguments converted during string formatting");
        }
        return result.append(format.substring(from)).toString();
    }

    private static String one(Matcher place, Object value) {
        String flags = place.group(1) + place.group(2);
        String precision = place.group(3) == null ? "" : place.group(3);
        String kind = place.group(4);
        return switch (kind) {
            case "s" -> String.format(Locale.ROOT, "%" + flags.replace("0", "") + precision + "s", Values.text(value));
            case "r" -> String.format(Locale.ROOT, "%" + flags + precision + "s", Values.represent(value));
            case "d", "i" -> String.format(Locale.ROOT, "%" + flags + "d", (long) Numbers.number(value));
            case "x", "X", "o" -> String.format(Locale.ROOT, "%" + flags + kind, Numbers.integer(value));
            case "f" -> {
                int digits = precision.isEmpty() ? 6 : Integer.parseInt(precision.substring(1));
                double rounded = Numbers.round(Numbers.number(value), digits, "common");
                yield String.format(Locale.ROOT, "%" + flags + "." + digits + "f", rounded);
            }
            default -> String.format(Locale.ROOT, "%" + flags + precision + kind, Numbers.number(value));
        };
    }
}
