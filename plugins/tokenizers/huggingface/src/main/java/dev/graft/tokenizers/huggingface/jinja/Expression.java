package dev.graft.tokenizers.huggingface.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Something with a value. */
interface Expression {
    /** Its value in a scope. */
    Object evaluate(Scope scope);

    private static List<Object> all(List<Expression> expressions, Scope scope) {
        List<Object> values = new ArrayList<>();
        expressions.forEach(expression -> values.add(expression.evaluate(scope)));
        return values;
    }

    /** A constant. */
    record Literal(Object value) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            return value;
        }
    }

    /** A variable. */
    record Name(String name) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            return scope.get(name);
        }
    }

    /** {@code [a, b]}. */
    record ListOf(List<Expression> items) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            return all(items, scope);
        }
    }

    /** {@code (a, b)}. */
    record TupleOf(List<Expression> items) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            return new Tuple(all(items, scope));
        }
    }

    /** {@code {k: v}}. */
    record MapOf(List<Expression> keys, List<Expression> values) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            Map<Object, Object> map = new LinkedHashMap<>();
            for (int i = 0; i < keys.size(); i++) {
                map.put(keys.get(i).evaluate(scope), values.get(i).evaluate(scope));
            }
            return map;
        }
    }

    /** {@code base.name}. */
    record Attribute(Expression base, String name) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            return Attributes.attribute(base.evaluate(scope), name);
        }
    }

    /** {@code base[key]}. */
    record Item(Expression base, Expression key) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            return Attributes.item(base.evaluate(scope), key.evaluate(scope));
        }
    }

    /** {@code base[from:to:step]}; absent bounds are null. */
    record Slice(Expression base, Expression from, Expression to, Expression step) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            return Attributes.slice(base.evaluate(scope), bound(from, scope), bound(to, scope), bound(step, scope));
        }

        private static Object bound(Expression bound, Scope scope) {
            return bound == null ? null : bound.evaluate(scope);
        }
    }

    /** Arguments of a call before they are evaluated; {@code *rest} and {@code **named} may be null. */
    record Passed(List<Expression> positional, Map<String, Expression> named, Expression rest, Expression map) {
        static final Passed NOTHING = new Passed(List.of(), Map.of(), null, null);

        Arguments evaluate(Scope scope) {
            List<Object> values = all(positional, scope);
            if (rest != null) {
                values.addAll(Values.iterate(rest.evaluate(scope)));
            }
            Map<String, Object> byName = new LinkedHashMap<>();
            named.forEach((name, value) -> byName.put(name, value.evaluate(scope)));
            if (map != null && map.evaluate(scope) instanceof Map<?, ?> more) {
                more.forEach((name, value) -> byName.put(Values.string(name), value));
            }
            return new Arguments(values, byName);
        }
    }

    /** {@code target(arguments)}. */
    record Call(Expression target, Passed arguments) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            Object function = target.evaluate(scope);
            if (function instanceof Callable callable) {
                return callable.call(arguments.evaluate(scope));
            }
            throw function instanceof Undefined undefined
                    ? undefined.failure()
                    : new TemplateException("'" + Values.typeName(function) + "' object is not callable");
        }
    }

    /** {@code base | filter(arguments)}. */
    record Filtered(Expression base, Filters.Filter filter, Passed arguments) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            return filter.apply(base.evaluate(scope), arguments.evaluate(scope));
        }
    }

    /** {@code base is test(arguments)}. */
    record Tested(Expression base, Tests.Test test, Passed arguments, boolean negated) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            return negated != test.holds(base.evaluate(scope), arguments.evaluate(scope));
        }
    }

    /** {@code not operand}. */
    record Not(Expression operand) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            return !Values.truth(operand.evaluate(scope));
        }
    }

    /** {@code left and right}, {@code left or right}: the operand that decides. */
    record Logical(boolean and, Expression left, Expression right) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            Object first = left.evaluate(scope);
            return Values.truth(first) == and ? right.evaluate(scope) : first;
        }
    }

    /** {@code then if condition else otherwise}; {@code otherwise} may be null. */
    record Conditional(Expression condition, Expression then, Expression otherwise) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            if (Values.truth(condition.evaluate(scope))) {
                return then.evaluate(scope);
            }
            return otherwise == null
                    ? new Undefined("the inline if-expression evaluated to false and no else section was defined")
                    : otherwise.evaluate(scope);
        }
    }

    /** {@code first < a == b}: every neighbouring pair must hold. */
    record Comparison(Expression first, List<String> operators, List<Expression> others) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            Object left = first.evaluate(scope);
            for (int i = 0; i < operators.size(); i++) {
                Object right = others.get(i).evaluate(scope);
                if (!holds(operators.get(i), left, right)) {
                    return false;
                }
                left = right;
            }
            return true;
        }

        static boolean holds(String operator, Object left, Object right) {
            return switch (operator) {
                case "==" -> Values.same(left, right);
                case "!=" -> !Values.same(left, right);
                case "in" -> Values.contains(right, left);
                case "not in" -> !Values.contains(right, left);
                case "<" -> Values.compare(left, right) < 0;
                case "<=" -> Values.compare(left, right) <= 0;
                case ">" -> Values.compare(left, right) > 0;
                default -> Values.compare(left, right) >= 0;
            };
        }
    }

    /** Arithmetic. */
    record Binary(String operator, Expression left, Expression right) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            return Numbers.binary(operator, left.evaluate(scope), right.evaluate(scope));
        }
    }

    /** {@code -operand} or {@code +operand}. */
    record Signed(boolean negative, Expression operand) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            return Numbers.binary(negative ? "-" : "+", 0L, operand.evaluate(scope));
        }
    }

    /** {@code a ~ b}: texts joined. */
    record Joined(List<Expression> parts) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            StringBuilder text = new StringBuilder();
            parts.forEach(part -> text.append(Values.text(part.evaluate(scope))));
            return text.toString();
        }
    }
}
