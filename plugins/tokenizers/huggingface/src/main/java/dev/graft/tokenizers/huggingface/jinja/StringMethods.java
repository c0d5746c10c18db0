package dev.graft.tokenizers.huggingface.jinja;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;

/** The methods of Python's {@code str}. */
final class StringMethods {
    /** A method and the string it is called on. */
    @FunctionalInterface
    interface Method {
        Object call(String self, Arguments arguments);
    }

    private static final Map<String, Method> METHODS = methods();

    private StringMethods() {}

    /** The method of this name bound to a string, or null if strings have none. */
    static Callable find(String self, String name) {
        Method method = METHODS.get(name);
        return method == null ? null : arguments -> method.call(self, arguments);
    }

    private static Map<String, Method> methods() {
        Map<String, Method> all = new HashMap<>();
        all.put("strip", (self, a) -> Texts.strip(self, a.text(0, "chars", null), true, true));
        all.put("lstrip", (self, a) -> Texts.strip(self, a.text(0, "chars", null), true, false));
        all.put("rstrip", (self, a) -> Texts.strip(self, a.text(0, "chars", null), false, true));
        all.put("split", (self, a) -> Texts.split(self, a.text(0, "sep", null), a.integer(1, "maxsplit", -1)));
        all.put("rsplit", (self, a) -> Texts.splitRight(self, a.text(0, "sep", null), a.integer(1, "maxsplit", -1)));
        all.put("splitlines", (self, a) -> Texts.lines(self, a.flag(0, "keepends", false)));
        all.put("startswith", (self, a) -> anyOf(a.require(0, "prefix"), part -> self.startsWith(part)));
        all.put("endswith", (self, a) -> anyOf(a.require(0, "suffix"), part -> self.endsWith(part)));
        all.put("upper", (self, a) -> self.toUpperCase(Locale.ROOT));
        all.put("lower", (self, a) -> self.toLowerCase(Locale.ROOT));
        all.put("casefold", (self, a) -> self.toLowerCase(Locale.ROOT));
        all.put("title", (self, a) -> Texts.title(self));
        all.put("capitalize", (self, a) -> Texts.capitalize(self));
        all.put(
                "replace",
                (self, a) -> Texts.replace(self, text(a, 0, "old"), text(a, 1, "new"), a.integer(2, "count", -1)));
        all.put("find", (self, a) -> position(self, self.indexOf(text(a, 0, "sub"))));
        all.put("rfind", (self, a) -> position(self, self.lastIndexOf(text(a, 0, "sub"))));
        all.put("index", (self, a) -> found(position(self, self.indexOf(text(a, 0, "sub")))));
        all.put("rindex", (self, a) -> found(position(self, self.lastIndexOf(text(a, 0, "sub")))));
        all.put(
                "count",
                (self, a) -> (long) Texts.split(self, text(a, 0, "sub"), -1).size() - 1);
        all.put("join", (self, a) -> join(self, a.require(0, "iterable")));
        all.put(
                "removeprefix",
                (self, a) -> self.startsWith(text(a, 0, "prefix"))
                        ? self.substring(text(a, 0, "prefix").length())
                        : self);
        all.put("removesuffix", (self, a) -> removeSuffix(self, text(a, 0, "suffix")));
        all.put("partition", (self, a) -> partition(self, text(a, 0, "sep"), false));
        all.put("rpartition", (self, a) -> partition(self, text(a, 0, "sep"), true));
        all.put("ljust", (self, a) -> Texts.pad(self, a.integer(0, "width", 0), a.text(1, "fillchar", " "), 0));
        all.put("rjust", (self, a) -> Texts.pad(self, a.integer(0, "width", 0), a.text(1, "fillchar", " "), 1));
        all.put("center", (self, a) -> Texts.pad(self, a.integer(0, "width", 0), a.text(1, "fillchar", " "), 0.5));
        all.put("zfill", (self, a) -> Texts.pad(self, a.integer(0, "width", 0), "0", 1));
        all.put("format", BraceFormat::apply);
        predicates(all);
        return Map.copyOf(all);
    }

    private static void predicates(Map<String, Method> all) {
        all.put("isdigit", (self, a) -> each(self, Character::isDigit));
        all.put("isnumeric", (self, a) -> each(self, Character::isDigit));
        all.put("isdecimal", (self, a) -> each(self, Character::isDigit));
        all.put("isalpha", (self, a) -> each(self, Character::isLetter));
        all.put("isalnum", (self, a) -> each(self, Character::isLetterOrDigit));
        all.put("isspace", (self, a) -> each(self, Texts::isSpace));
        all.put("isupper", (self, a) -> cased(self) && self.equals(self.toUpperCase(Locale.ROOT)));
        all.put("islower", (self, a) -> cased(self) && self.equals(self.toLowerCase(Locale.ROOT)));
    }

    static boolean cased(String text) {
        return text.codePoints().anyMatch(c -> Character.isUpperCase(c) || Character.isLowerCase(c));
    }

    private static boolean each(String text, IntPredicate predicate) {
        return !text.isEmpty() && text.codePoints().allMatch(predicate);
    }

    private static String text(Arguments arguments, int place, String name) {
        return Values.string(arguments.require(place, name));
    }

    private static boolean anyOf(Object parts, java.util.function.Predicate<String> test) {
        return parts instanceof Tuple tuple
                ? tuple.stream().map(Values::string).anyMatch(test)
                : test.test(Values.string(parts));
    }

    private static long position(String text, int unit) {
        return unit < 0 ? -1 : text.codePointCount(0, unit);
    }

    private static long found(long position) {
        if (position < 0) {
            throw new TemplateException("substring not found");
        }
        return position;
    }

    private static String join(String separator, Object parts) {
        List<String> texts = new ArrayList<>();
        Values.iterate(parts).forEach(part -> texts.add(Values.string(part)));
        return String.join(separator, texts);
    }

    private static String removeSuffix(String text, String suffix) {
        return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
    }

    private static Tuple partition(String text, String separator, boolean last) {
        int at = last ? text.lastIndexOf(separator) : text.indexOf(separator);
        if (at < 0) {
            return new Tuple(last ? List.of("", "", text) : List.of(text, "", ""));
        }
        return new Tuple(List.of(text.substring(0, at), separator, text.substring(at + separator.length())));
    }
}
