package dev.graft.tokenizers.huggingface.jinja;

import dev.graft.tokenizers.huggingface.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads expressions, with Jinja's precedence: conditional, or, and, not, comparison, sum, {@code ~}, product, power. */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private final Tokens tokens;
    private final Set<String> names = new HashSet<>();

    ExpressionParser(Tokens tokens) {
        this.tokens = tokens;
    }

    /** The variables read so far, which the caller may clear. */
    Set<String> names() {
        return names;
    }

    Expression expression() {
        Expression value = or();
        while (tokens.skipName("if")) {
            Expression condition = or();
            Expression otherwise = tokens.skipName("else") ? expression() : null;
            value = new Expression.Conditional(condition, value, otherwise);
        }
        return value;
    }

    /** An expression without a trailing {@code if}, for the source of a loop. */
    Expression unconditional() {
        return tuple(or(), true);
    }

    /** One expression, or several separated by commas as a tuple. */
    Expression expressions() {
        return tuple(expression(), false);
    }

    private Expression tuple(Expression first, boolean unconditional) {
        if (!tokens.atOperator(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",") && !tokens.at(Kind.BLOCK_END) && !tokens.at(Kind.PRINT_END)) {
            items.add(unconditional ? or() : expression());
        }
        return new Expression.TupleOf(items);
    }

    private Expression or() {
        Expression left = and();
        while (tokens.skipName("or")) {
            left = new Expression.Logical(false, left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (tokens.skipName("and")) {
            left = new Expression.Logical(true, left, not());
        }
        return left;
    }

    private Expression not() {
        return tokens.skipName("not") ? new Expression.Not(not()) : comparison();
    }

    private Expression comparison() {
        Expression first = sum();
        List<String> operators = new ArrayList<>();
        List<Expression> others = new ArrayList<>();
        while (true) {
            if (tokens.at(Kind.OPERATOR) && COMPARISONS.contains(tokens.peek().text())) {
                operators.add(tokens.take().text());
            } else if (tokens.skipName("in")) {
                operators.add("in");
            } else if (tokens.atName("not") && tokens.thenName("in")) {
                tokens.take();
                tokens.take();
                operators.add("not in");
            } else {
                return operators.isEmpty() ? first : new Expression.Comparison(first, operators, others);
            }
            others.add(sum());
        }
    }

    private Expression sum() {
        Expression left = joined();
        while (tokens.atOperator("+") || tokens.atOperator("-")) {
            left = new Expression.Binary(tokens.take().text(), left, joined());
        }
        return left;
    }

    private Expression joined() {
        List<Expression> parts = new ArrayList<>(List.of(product()));
        while (tokens.skipOperator("~")) {
            parts.add(product());
        }
        return parts.size() == 1 ? parts.get(0) : new Expression.Joined(parts);
    }

    private Expression product() {
        Expression left = power();
        while (tokens.atOperator("*") || tokens.atOperator("/") || tokens.atOperator("//") || tokens.atOperator("%")) {
            left = new Expression.Binary(tokens.take().text(), left, power());
        }
        return left;
    }

    private Expression power() {
        Expression left = unary(true);
        while (tokens.skipOperator("**")) {
            left = new Expression.Binary("**", left, unary(true));
        }
        return left;
    }

    private Expression unary(boolean filters) {
        Expression value;
        if (tokens.atOperator("-") || tokens.atOperator("+")) {
            value = new Expression.Signed(tokens.take().text().equals("-"), unary(false));
        } else {
            value = postfix(primary());
        }
        return filters ? filters(value) : value;
    }

    private Expression primary() {
        Token token = tokens.peek();
        switch (token.kind()) {
            case NAME -> {
                return name(tokens.take().text());
            }
            case STRING -> {
                StringBuilder text = new StringBuilder();
                while (tokens.at(Kind.STRING)) {
                    text.append(tokens.take().text());
                }
                return new Expression.Literal(text.toString());
            }
            case INTEGER -> {
                return new Expression.Literal(Long.valueOf(tokens.take().text()));
            }
            case FLOAT -> {
                return new Expression.Literal(Double.valueOf(tokens.take().text()));
            }
            default -> {
                return bracketed();
            }
        }
    }

    private Expression name(String name) {
        names.add(name);
        return switch (name) {
            case "true", "True" -> new Expression.Literal(true);
            case "false", "False" -> new Expression.Literal(false);
            case "none", "None" -> new Expression.Literal(null);
            default -> new Expression.Name(name);
        };
    }

    private Expression bracketed() {
        if (tokens.skipOperator("(")) {
            if (tokens.skipOperator(")")) {
                return new Expression.TupleOf(List.of());
            }
            Expression first = expression();
            if (tokens.skipOperator(")")) {
                return first;
            }
            tokens.expectOperator(",");
            List<Expression> items = new ArrayList<>(List.of(first));
            items.addAll(list(")"));
            return new Expression.TupleOf(items);
        }
        if (tokens.skipOperator("[")) {
            return new Expression.ListOf(list("]"));
        }
        if (tokens.skipOperator("{")) {
            return map();
        }
        throw tokens.unexpected("an expression");
    }

    private List<Expression> list(String end) {
        List<Expression> items = new ArrayList<>();
        while (!tokens.skipOperator(end)) {
            items.add(expression());
            if (!tokens.atOperator(end)) {
                tokens.expectOperator(",");
            }
        }
        return items;
    }

    private Expression map() {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.skipOperator("}")) {
            keys.add(expression());
            tokens.expectOperator(":");
            values.add(expression());
            if (!tokens.atOperator("}")) {
                tokens.expectOperator(",");
            }
        }
        return new Expression.MapOf(keys, values);
    }

    private Expression postfix(Expression start) {
        Expression value = start;
        while (true) {
            if (tokens.skipOperator(".")) {
                Token member = tokens.take();
                value = member.kind() == Kind.INTEGER
                        ? new Expression.Item(value, new Expression.Literal(Long.valueOf(member.text())))
                        : new Expression.Attribute(value, member.text());
            } else if (tokens.skipOperator("[")) {
                value = subscript(value);
            } else if (tokens.atOperator("(")) {
                value = new Expression.Call(value, arguments());
            } else {
                return value;
            }
        }
    }

    private Expression subscript(Expression base) {
        Expression from = tokens.atOperator(":") ? null : expressions();
        if (tokens.skipOperator("]")) {
            return new Expression.Item(base, from);
        }
        tokens.expectOperator(":");
        Expression to = tokens.atOperator(":") || tokens.atOperator("]") ? null : expression();
        Expression step = null;
        if (tokens.skipOperator(":") && !tokens.atOperator("]")) {
            step = expression();
        }
        tokens.expectOperator("]");
        return new Expression.Slice(base, from, to, step);
    }

    /** Filters, tests and calls after a value. */
    Expression filters(Expression start) {
        Expression value = start;
        while (true) {
            if (tokens.skipOperator("|")) {
                Filters.Filter filter = Filters.find(dotted());
                value = new Expression.Filtered(value, filter, optionalArguments());
            } else if (tokens.skipName("is")) {
                value = test(value);
            } else if (tokens.atOperator("(")) {
                value = new Expression.Call(value, arguments());
            } else {
                return value;
            }
        }
    }

    /** As {@link #filters}, from the name of the first filter on. */
    Expression filtersFrom(Expression value) {
        Filters.Filter filter = Filters.find(dotted());
        return filters(new Expression.Filtered(value, filter, optionalArguments()));
    }

    private Expression test(Expression value) {
        boolean negated = tokens.skipName("not");
        Token next = tokens.peek();
        String name = next.kind() == Kind.OPERATOR ? tokens.take().text() : dotted();
        Tests.Test test = Tests.find(name);
        Expression.Passed passed = Expression.Passed.NOTHING;
        if (tokens.atOperator("(")) {
            passed = arguments();
        } else if (beginsArgument()) {
            passed = new Expression.Passed(List.of(postfix(primary())), Map.of(), null, null);
        }
        return new Expression.Tested(value, test, passed, negated);
    }

    private boolean beginsArgument() {
        Token token = tokens.peek();
        return switch (token.kind()) {
            case STRING, INTEGER, FLOAT -> true;
            case NAME ->
                !Set.of("else", "or", "and", "is", "if", "not", "in", "recursive")
                        .contains(token.text());
            case OPERATOR -> token.text().equals("[") || token.text().equals("{");
            default -> false;
        };
    }

    private String dotted() {
        StringBuilder name = new StringBuilder(tokens.expect(Kind.NAME).text());
        while (tokens.skipOperator(".")) {
            name.append('.').append(tokens.expect(Kind.NAME).text());
        }
        return name.toString();
    }

    private Expression.Passed optionalArguments() {
        return tokens.atOperator("(") ? arguments() : Expression.Passed.NOTHING;
    }

    private Expression.Passed arguments() {
        tokens.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        Expression rest = null;
        Expression map = null;
        while (!tokens.skipOperator(")")) {
            if (tokens.skipOperator("*")) {
                rest = expression();
            } else if (tokens.skipOperator("**")) {
                map = expression();
            } else if (tokens.at(Kind.NAME) && tokens.thenOperator("=")) {
                String name = tokens.take().text();
                tokens.take();
                named.put(name, expression());
            } else {
                positional.add(expression());
            }
            if (!tokens.atOperator(")")) {
                tokens.expectOperator(",");
            }
        }
        return new Expression.Passed(positional, named, rest, map);
    }
}
