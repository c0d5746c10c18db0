package dev.graft.tokenizers.huggingface.jinja;

import dev.graft.tokenizers.huggingface.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads statements. */
final class StatementParser {
    /** The name under which filters of a block find the block's text; no template can write it. */
    private static final String CONTENT = " content";

    private final Tokens tokens;
    private final ExpressionParser expressions;

    StatementParser(Tokens tokens) {
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens);
    }

    /** The whole template. */
    Block template() {
        Block block = block(Set.of());
        if (!tokens.at(Kind.END)) {
            throw tokens.unexpected("the end of the template");
        }
        return block;
    }

    /** Statements up to a tag of one of these names, whose name stays unread. */
    private Block block(Set<String> ends) {
        List<Statement> statements = new ArrayList<>();
        while (!tokens.at(Kind.END)) {
            Token token = tokens.take();
            switch (token.kind()) {
                case DATA -> statements.add(new Statement.Text(token.text()));
                case PRINT_BEGIN -> {
                    statements.add(new Statement.Print(expressions.expressions()));
                    tokens.expect(Kind.PRINT_END);
                }
                default -> {
                    if (ends.contains(tokens.peek().text())) {
                        return new Block(statements);
                    }
                    statements.add(statement());
                }
            }
        }
        if (!ends.isEmpty()) {
            throw tokens.unexpected("one of " + ends.stream().sorted().toList());
        }
        return new Block(statements);
    }

    private Statement statement() {
        Token tag = tokens.expect(Kind.NAME);
        return switch (tag.text()) {
            case "if" -> conditional();
            case "for" -> loop();
            case "set" -> assignment();
            case "macro" -> macro();
            case "call" -> call();
            case "filter" -> filter();
            case "with" -> with();
            case "generation" -> new Statement.Generation(body("endgeneration"));
            case "break" -> jump(Statement.Flow.BREAK);
            case "continue" -> jump(Statement.Flow.CONTINUE);
            default -> throw new TemplateException("Encountered unknown tag '" + tag.text() + "'.", tag.line());
        };
    }

    private Statement jump(Statement.Flow flow) {
        tokens.expect(Kind.BLOCK_END);
        return new Statement.Jump(flow);
    }

    /** What stands between the end of the opening tag and the closing tag, both consumed. */
    private Block body(String end) {
        tokens.expect(Kind.BLOCK_END);
        Block body = block(Set.of(end));
        tokens.expectName(end);
        tokens.expect(Kind.BLOCK_END);
        return body;
    }

    private Statement conditional() {
        List<Expression> conditions = new ArrayList<>();
        List<Block> branches = new ArrayList<>();
        Set<String> ends = Set.of("elif", "else", "endif");
        conditions.add(expressions.expressions());
        while (true) {
            tokens.expect(Kind.BLOCK_END);
            branches.add(block(ends));
            String next = tokens.expect(Kind.NAME).text();
            if (next.equals("endif")) {
                tokens.expect(Kind.BLOCK_END);
                return new Statement.If(conditions, branches);
            }
            conditions.add(next.equals("elif") ? expressions.expressions() : new Expression.Literal(true));
        }
    }

    private Statement loop() {
        Target target = target();
        tokens.expectName("in");
        Expression source = expressions.unconditional();
        Expression condition = tokens.skipName("if") ? expressions.expression() : null;
        boolean recursive = tokens.skipName("recursive");
        tokens.expect(Kind.BLOCK_END);
        Block body = block(Set.of("else", "endfor"));
        Block otherwise = null;
        if (tokens.skipName("else")) {
            tokens.expect(Kind.BLOCK_END);
            otherwise = block(Set.of("endfor"));
        }
        tokens.expectName("endfor");
        tokens.expect(Kind.BLOCK_END);
        return new Statement.For(target, source, condition, recursive, body, otherwise);
    }

    private Target target() {
        List<Target> parts = new ArrayList<>();
        do {
            if (tokens.skipOperator("(")) {
                parts.add(target());
                tokens.expectOperator(")");
            } else {
                String name = tokens.expect(Kind.NAME).text();
                parts.add(
                        tokens.skipOperator(".")
                                ? new Target.Member(
                                        name, tokens.expect(Kind.NAME).text())
                                : new Target.Variable(name));
            }
        } while (tokens.skipOperator(","));
        return parts.size() == 1 ? parts.get(0) : new Target.Unpacked(parts);
    }

    private Statement assignment() {
        Target target = target();
        if (tokens.skipOperator("=")) {
            Expression value = expressions.expressions();
            tokens.expect(Kind.BLOCK_END);
            return new Statement.Set(target, value);
        }
        Expression value = expressions.filters(new Expression.Name(CONTENT));
        return new Statement.SetBlock(target, CONTENT, value, body("endset"));
    }

    private Statement macro() {
        String name = tokens.expect(Kind.NAME).text();
        return new Statement.DefineMacro(macro(name, parameters(), "endmacro"));
    }

    /** Reads a macro's body, and whether it takes more arguments than it names. */
    private Macro.Definition macro(String name, List<Macro.Parameter> parameters, String end) {
        Set<String> outside = Set.copyOf(expressions.names());
        expressions.names().clear();
        Block body = body(end);
        boolean more = expressions.names().contains("varargs");
        boolean named = expressions.names().contains("kwargs");
        boolean caller = expressions.names().contains("caller");
        expressions.names().addAll(outside);
        return new Macro.Definition(name, parameters, body, more, named, caller);
    }

    private List<Macro.Parameter> parameters() {
        tokens.expectOperator("(");
        List<Macro.Parameter> parameters = new ArrayList<>();
        while (!tokens.skipOperator(")")) {
            String name = tokens.expect(Kind.NAME).text();
            parameters.add(new Macro.Parameter(name, tokens.skipOperator("=") ? expressions.expression() : null));
            if (!tokens.atOperator(")")) {
                tokens.expectOperator(",");
            }
        }
        return parameters;
    }

    private Statement call() {
        List<Macro.Parameter> parameters = tokens.atOperator("(") ? parameters() : List.of();
        if (!(expressions.expression() instanceof Expression.Call call)) {
            throw tokens.unexpected("a call");
        }
        return new Statement.CallBlock(call, macro("caller", parameters, "endcall"));
    }

    private Statement filter() {
        Expression value = expressions.filtersFrom(new Expression.Name(CONTENT));
        return new Statement.FilterBlock(CONTENT, value, body("endfilter"));
    }

    private Statement with() {
        Map<String, Expression> variables = new LinkedHashMap<>();
        while (!tokens.at(Kind.BLOCK_END)) {
            String name = tokens.expect(Kind.NAME).text();
            tokens.expectOperator("=");
            variables.put(name, expressions.expression());
            tokens.skipOperator(",");
        }
        return new Statement.With(variables, body("endwith"));
    }
}
