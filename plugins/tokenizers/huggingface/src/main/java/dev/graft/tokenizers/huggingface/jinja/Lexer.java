package dev.graft.tokenizers.huggingface.jinja;

import dev.graft.tokenizers.huggingface.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a template into tokens with {@code trim_blocks} and {@code lstrip_blocks} on: white space before a statement or
 * comment that begins its line goes, and so does the line break after one; {@code -} takes all white space on its side,
 * {@code +} keeps it. One line break at the very end of the template goes too.
 */
final class Lexer {
    private static final Pattern OPENING = Pattern.compile("\\{([%{#])([-+]?)");
    private static final Pattern RAW = Pattern.compile("\\{%[-+]?\\s*raw\\s*(-?)%\\}");
    private static final Pattern END_RAW = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%\\}");
    private static final Pattern END_COMMENT = Pattern.compile("([-+]?)#\\}");
    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private boolean lineStart = true;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String template) {
        String source = template.replace("\r\n", "\n").replace('\r', '\n');
        Lexer lexer = new Lexer(source.endsWith("\n") ? source.substring(0, source.length() - 1) : source);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        Matcher opening = OPENING.matcher(source);
        while (opening.find(position)) {
            String before = source.substring(position, opening.start());
            data(trimEnd(before, opening.group(1), opening.group(2)));
            Matcher raw = RAW.matcher(source).region(opening.start(), source.length());
            if (raw.lookingAt()) {
                raw(raw);
            } else {
                position = opening.end();
                tag(opening.group(1));
            }
            lineStart = source.charAt(position - 1) == '\n';
        }
        data(source.substring(position));
        tokens.add(new Token(Kind.END, "", line(source.length())));
    }

    private void tag(String kind) {
        switch (kind) {
            case "#" -> {
                Matcher end = END_COMMENT.matcher(source);
                if (!end.find(position)) {
                    throw new TemplateException("Missing end of comment tag", line(position));
                }
                position = end.end();
                trimStart(end.group(1));
            }
            case "{" -> {
                add(Kind.PRINT_BEGIN, "{{");
                String sign = inside("}}");
                add(Kind.PRINT_END, "}}");
                if (sign.equals("-")) {
                    skipSpace();
                }
            }
            default -> {
                add(Kind.BLOCK_BEGIN, "{%");
                String sign = inside("%}");
                add(Kind.BLOCK_END, "%}");
                trimStart(sign);
            }
        }
    }

    private void raw(Matcher begin) {
        position = begin.end();
        if (begin.group(1).equals("-")) {
            skipSpace();
        }
        Matcher end = END_RAW.matcher(source);
        if (!end.find(position)) {
            throw new TemplateException("Missing end of raw directive", line(position));
        }
        lineStart = source.charAt(position - 1) == '\n';
        data(trimEnd(source.substring(position, end.start()), "%", end.group(1)));
        position = end.end();
        trimStart(end.group(2));
    }

    /** What remains of the text before a tag. */
    private String trimEnd(String text, String kind, String sign) {
        if (sign.equals("-")) {
            return Texts.strip(text, null, false, true);
        }
        if (sign.equals("+") || kind.equals("{")) {
            return text;
        }
        int line = text.lastIndexOf('\n') + 1;
        boolean blank = text.substring(line).codePoints().allMatch(Texts::isSpace);
        return blank && (line > 0 || lineStart) ? text.substring(0, line) : text;
    }

    /** Skips what goes after a statement or a comment. */
    private void trimStart(String sign) {
        if (sign.equals("-")) {
            skipSpace();
        } else if (sign.isEmpty() && position < source.length() && source.charAt(position) == '\n') {
            position++;
        }
    }

    private void skipSpace() {
        while (position < source.length() && Texts.isSpace(source.codePointAt(position))) {
            position += Character.charCount(source.codePointAt(position));
        }
    }

    /** Reads the tokens of a tag up to its end; returns the sign in front of that. */
    private String inside(String end) {
        int brackets = 0;
        while (true) {
            skipSpace();
            if (position >= source.length()) {
                throw new TemplateException("the template ends inside a tag", line(source.length()));
            }
            if (brackets == 0) {
                String sign =
                        "-+".indexOf(source.charAt(position)) >= 0 ? source.substring(position, position + 1) : "";
                boolean keeps = sign.equals("+") && end.equals("}}");
                if (!keeps && source.startsWith(end, position + sign.length())) {
                    position += sign.length() + end.length();
                    return sign;
                }
            }
            Scanned token = Scanned.at(source, position, line(position));
            position = token.end();
            tokens.add(token.token());
            if (token.token().kind() == Kind.OPERATOR) {
                brackets += "([{".contains(token.token().text()) ? 1 : 0;
                brackets -= ")]}".contains(token.token().text()) ? 1 : 0;
            }
        }
    }

    private void data(String text) {
        if (!text.isEmpty()) {
            add(Kind.DATA, text);
        }
    }

    private void add(Kind kind, String text) {
        tokens.add(new Token(kind, text, line(position)));
    }

    private int line(int at) {
        return 1
                + (int) source.substring(0, Math.min(at, source.length()))
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
    }
}
