package dev.graft.tokenizers.huggingface.jinja;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's {@code str.format} with fields {@code {}}, {@code {0}} and {@code {name}}, without format specifications. */
final class BraceFormat {
    private static final Pattern FIELD = Pattern.compile("\\{\\{|\\}\\}|\\{(\\w*)\\}|[{}]");

    private BraceFormat() {}

    static String apply(String format, Arguments arguments) {
        Matcher matcher = FIELD.matcher(format);
        StringBuilder result = new StringBuilder();
        int next = 0;
        while (matcher.find()) {
            String field = matcher.group(1);
            String text;
            if (field != null) {
                boolean numbered = field.isEmpty() || Character.isDigit(field.charAt(0));
                int place = !numbered ? Integer.MAX_VALUE : field.isEmpty() ? next++ : Integer.parseInt(field);
                text = Values.text(arguments.require(place, field));
            } else if (matcher.group().length() == 2) {
                text = matcher.group().substring(1);
            } else {
                throw new TemplateException("str.format knows only fields without a specification: " + format);
            }
            matcher.appendReplacement(result, Matcher.quoteReplacement(text));
        }
        return matcher.appendTail(result).toString();
    }
}
