package dev.graft.tokenizers.huggingface.jinja;

import dev.graft.tokenizers.huggingface.jinja.Token.Kind;
import java.util.List;

/** Tokens with a place to read from. */
final class Tokens {
    private final List<Token> tokens;
    private int next;

    Tokens(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(next);
    }

    boolean at(Kind kind) {
        return peek().kind() == kind;
    }

    boolean at(Kind kind, String text) {
        return peek().is(kind, text);
    }

    boolean atOperator(String text) {
        return at(Kind.OPERATOR, text);
    }

    boolean atName(String text) {
        return at(Kind.NAME, text);
    }

    /** Whether the token after the next is this operator. */
    boolean thenOperator(String text) {
        return next + 1 < tokens.size() && tokens.get(next + 1).is(Kind.OPERATOR, text);
    }

    /** Whether the token after the next is this name. */
    boolean thenName(String text) {
        return next + 1 < tokens.size() && tokens.get(next + 1).is(Kind.NAME, text);
    }

    Token take() {
        return at(Kind.END) ? peek() : tokens.get(next++);
    }

    boolean skipOperator(String text) {
        return skip(atOperator(text));
    }

    boolean skipName(String text) {
        return skip(atName(text));
    }

    private boolean skip(boolean there) {
        next += there ? 1 : 0;
        return there;
    }

    Token expect(Kind kind) {
        if (!at(kind)) {
            throw unexpected(kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '));
        }
        return take();
    }

    void expectOperator(String text) {
        if (!skipOperator(text)) {
            throw unexpected("'" + text + "'");
        }
    }

    void expectName(String text) {
        if (!skipName(text)) {
            throw unexpected("'" + text + "'");
        }
    }

    TemplateException unexpected(String expected) {
        String found = at(Kind.END) ? "the end of the template" : "'" + peek().text() + "'";
        return new TemplateException("expected " + expected + ", got " + found, peek().line());
    }
}
