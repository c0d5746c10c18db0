package dev.graft.tokenizers.huggingface.jinja;

import dev.graft.tokenizers.huggingface.jinja.Token.Kind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A token read inside a tag.
 *
 * @param token the token
 * @param end where it ends in the template
 */
record Scanned(Token token, int end) {
    private static final Pattern NUMBER = Pattern.compile("(\\d+_)*\\d+(\\.(\\d+_)*\\d+)?([eE][-+]?\\d+)?");
    private static final Pattern NAME = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern STRING =
            Pattern.compile("'((?:[^'\\\\]|\\\\.)*+)'|\"((?:[^\"\\\\]|\\\\.)*+)\"", Pattern.DOTALL);
    private static final Pattern OPERATOR = Pattern.compile("//|\\*\\*|==|!=|>=|<=|[-+/*%~\\[\\](){}><=.:|,;]");
    private static final Pattern ESCAPE =
            Pattern.compile("\\\\(\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", Pattern.DOTALL);

    static Scanned at(String source, int position, int line) {
        Matcher number = NUMBER.matcher(source).region(position, source.length());
        if (number.lookingAt()) {
            boolean real = number.group(2) != null || number.group(4) != null;
            return of(real ? Kind.FLOAT : Kind.INTEGER, number.group().replace("_", ""), line, number);
        }
        Matcher name = NAME.matcher(source).region(position, source.length());
        if (name.lookingAt()) {
            return of(Kind.NAME, name.group(), line, name);
        }
        Matcher string = STRING.matcher(source).region(position, source.length());
        if (string.lookingAt()) {
            String text = string.group(1) == null ? string.group(2) : string.group(1);
            return of(Kind.STRING, unescape(text), line, string);
        }
        Matcher operator = OPERATOR.matcher(source).region(position, source.length());
        if (operator.lookingAt()) {
            return of(Kind.OPERATOR, operator.group(), line, operator);
        }
        throw new TemplateException("unexpected char '" + Character.toString(source.codePointAt(position)) + "'", line);
    }

    private static Scanned of(Kind kind, String text, int line, Matcher matcher) {
        return new Scanned(new Token(kind, text, line), matcher.end());
    }

    private static String unescape(String text) {
        return ESCAPE.matcher(text).replaceAll(match -> Matcher.quoteReplacement(escape(match.group(1))));
    }

    private static String escape(String code) {
        char first = code.charAt(0);
        if (Character.isDigit(first) && first < '8') {
            return Character.toString(Integer.parseInt(code, 8));
        }
        if (code.length() > 1 && "xuU".indexOf(first) >= 0) {
            return Character.toString(Integer.parseInt(code.substring(1), 16));
        }
        return switch (first) {
            case '\n' -> "";
            case '\\', '\'', '"' -> code;
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'r' -> "\r";
            case 'b' -> "\b";
            case 'f' -> "\f";
            case 'v' -> "\u000b";
            case 'a' -> "\u0007";
            default -> "\\" + code;
        };
    }
}
