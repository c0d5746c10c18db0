package dev.graft.tokenizers.huggingface.jinja;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What may stand after {@code is}. */
final class Tests {
    /** A predicate with arguments. */
    @FunctionalInterface
    interface Test {
        boolean holds(Object value, Arguments arguments);
    }

    private static final Map<String, Test> ALL = all();

    private Tests() {}

    /** The test of this name. */
    static Test find(String name) {
        Test test = ALL.get(name);
        if (test == null) {
            throw new TemplateException("No test named '" + name + "'.");
        }
        return test;
    }

    private static Map<String, Test> all() {
        Map<String, Test> tests = new HashMap<>();
        tests.put("defined", (value, a) -> !(value instanceof Undefined));
        tests.put("undefined", (value, a) -> value instanceof Undefined);
        tests.put("none", (value, a) -> value == null);
        tests.put("boolean", (value, a) -> value instanceof Boolean);
        tests.put("true", (value, a) -> Boolean.TRUE.equals(value));
        tests.put("false", (value, a) -> Boolean.FALSE.equals(value));
        tests.put("integer", (value, a) -> value instanceof Long);
        tests.put("float", (value, a) -> value instanceof Double);
        tests.put("number", (value, a) -> Numbers.isNumber(value));
        tests.put("string", (value, a) -> value instanceof String);
        tests.put("mapping", (value, a) -> value instanceof Map);
        tests.put(
                "sequence",
                (value, a) -> value instanceof List
                        || value instanceof String
                        || value instanceof Map
                        || value instanceof Undefined);
        tests.put(
                "iterable",
                (value, a) -> value instanceof List
                        || value instanceof String
                        || value instanceof Map
                        || value instanceof Undefined);
        tests.put("callable", (value, a) -> value instanceof Callable);
        tests.put("odd", (value, a) -> Math.floorMod(Numbers.integer(value), 2L) == 1);
        tests.put("even", (value, a) -> Math.floorMod(Numbers.integer(value), 2L) == 0);
        tests.put("divisibleby", (value, a) -> Numbers.integer(Numbers.binary("%", value, a.require(0, "num"))) == 0);
        tests.put("lower", (value, a) -> islower(Values.text(value)));
        tests.put("upper", (value, a) -> isupper(Values.text(value)));
        tests.put("sameas", (value, a) -> identical(value, a.require(0, "other")));
        tests.put("escaped", (value, a) -> false);
        tests.put("filter", (value, a) -> Filters.exists(Values.text(value)));
        tests.put("test", (value, a) -> ALL.containsKey(Values.text(value)));
        tests.put("in", (value, a) -> Values.contains(a.require(0, "seq"), value));
        comparison(tests, "==", "eq", "equalto", "==");
        comparison(tests, "!=", "ne", "!=");
        comparison(tests, "<", "lt", "lessthan", "<");
        comparison(tests, "<=", "le", "<=");
        comparison(tests, ">", "gt", "greaterthan", ">");
        comparison(tests, ">=", "ge", ">=");
        return Map.copyOf(tests);
    }

    private static void comparison(Map<String, Test> tests, String operator, String... names) {
        for (String name : names) {
            tests.put(name, (value, a) -> Expression.Comparison.holds(operator, value, a.require(0, "other")));
        }
    }

    private static boolean identical(Object a, Object b) {
        return a == b || (a instanceof Boolean && a.equals(b));
    }

    private static boolean islower(String text) {
        return StringMethods.cased(text) && text.equals(text.toLowerCase(Locale.ROOT));
    }

    private static boolean isupper(String text) {
        return StringMethods.cased(text) && text.equals(text.toUpperCase(Locale.ROOT));
    }
}
