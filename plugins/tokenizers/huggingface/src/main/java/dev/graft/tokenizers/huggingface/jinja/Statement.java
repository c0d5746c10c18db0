package dev.graft.tokenizers.huggingface.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Something that appends to the text or changes variables. */
interface Statement {
    /** What comes after a statement. */
    enum Flow {
        /** The next one. */
        ON,
        /** The next element of the loop. */
        CONTINUE,
        /** The end of the loop. */
        BREAK
    }

    /** Runs it. */
    Flow execute(Scope scope);

    /** Text that stands as it is. */
    record Text(String text) implements Statement {
        @Override
        public Flow execute(Scope scope) {
            scope.rendering().append(text);
            return Flow.ON;
        }
    }

    /** {@code {{ expression }}}. */
    record Print(Expression expression) implements Statement {
        @Override
        public Flow execute(Scope scope) {
            scope.rendering().append(Values.text(expression.evaluate(scope)));
            return Flow.ON;
        }
    }

    /** {@code {% if %}} with its branches; the last condition may be a literal true. */
    record If(List<Expression> conditions, List<Block> branches) implements Statement {
        @Override
        public Flow execute(Scope scope) {
            for (int i = 0; i < conditions.size(); i++) {
                if (Values.truth(conditions.get(i).evaluate(scope))) {
                    return branches.get(i).execute(scope);
                }
            }
            return Flow.ON;
        }
    }

    /** {@code {% for target in source if condition recursive %}}; condition and otherwise may be null. */
    record For(Target target, Expression source, Expression condition, boolean recursive, Block body, Block otherwise)
            implements Statement {
        @Override
        public Flow execute(Scope scope) {
            run(scope, source.evaluate(scope), 0);
            return Flow.ON;
        }

        private void run(Scope scope, Object values, int depth) {
            List<Object> items = new ArrayList<>();
            for (Object item : Values.iterate(values)) {
                Scope test = scope.inner();
                target.assign(test, item);
                if (condition == null || Values.truth(condition.evaluate(test))) {
                    items.add(item);
                }
            }
            if (items.isEmpty() && otherwise != null) {
                otherwise.execute(scope.inner());
            }
            Callable recursion = arguments ->
                    scope.rendering().capture(() -> run(scope, arguments.require(0, "iterable"), depth + 1));
            Loop loop = new Loop(items, depth, recursive ? recursion : null);
            for (int i = 0; i < items.size(); i++) {
                loop.moveTo(i);
                Scope inner = scope.inner();
                inner.set("loop", loop);
                target.assign(inner, items.get(i));
                if (body.execute(inner) == Flow.BREAK) {
                    break;
                }
            }
        }
    }

    /** {@code {% break %}} and {@code {% continue %}}. */
    record Jump(Flow flow) implements Statement {
        @Override
        public Flow execute(Scope scope) {
            return flow;
        }
    }

    /** {@code {% set target = value %}}. */
    record Set(Target target, Expression value) implements Statement {
        @Override
        public Flow execute(Scope scope) {
            target.assign(scope, value.evaluate(scope));
            return Flow.ON;
        }
    }

    /** {@code {% set target | filters %}body{% endset %}}; {@code value} reads the body from {@code content}. */
    record SetBlock(Target target, String content, Expression value, Block body) implements Statement {
        @Override
        public Flow execute(Scope scope) {
            Scope inner = scope.inner();
            String text = scope.rendering().capture(() -> body.execute(inner));
            inner.set(content, text);
            target.assign(scope, value.evaluate(inner));
            return Flow.ON;
        }
    }

    /** {@code {% filter name %}body{% endfilter %}}; {@code value} reads the body from {@code content}. */
    record FilterBlock(String content, Expression value, Block body) implements Statement {
        @Override
        public Flow execute(Scope scope) {
            Scope inner = scope.inner();
            inner.set(content, scope.rendering().capture(() -> body.execute(inner)));
            scope.rendering().append(Values.text(value.evaluate(inner)));
            return Flow.ON;
        }
    }

    /** {@code {% with a = 1 %}body{% endwith %}}. */
    record With(Map<String, Expression> variables, Block body) implements Statement {
        @Override
        public Flow execute(Scope scope) {
            Scope inner = scope.inner();
            variables.forEach((name, value) -> inner.set(name, value.evaluate(scope)));
            return body.execute(inner);
        }
    }

    /** {@code {% macro name(parameters) %}body{% endmacro %}}. */
    record DefineMacro(Macro.Definition macro) implements Statement {
        @Override
        public Flow execute(Scope scope) {
            scope.set(macro.name(), new Macro(macro, scope));
            return Flow.ON;
        }
    }

    /** {@code {% call(parameters) target(arguments) %}body{% endcall %}}. */
    record CallBlock(Expression.Call call, Macro.Definition caller) implements Statement {
        @Override
        public Flow execute(Scope scope) {
            Arguments passed = call.arguments().evaluate(scope);
            Map<String, Object> named = new LinkedHashMap<>(passed.named());
            named.put("caller", new Macro(caller, scope));
            Object function = call.target().evaluate(scope);
            if (!(function instanceof Callable callable)) {
                throw new TemplateException("'" + Values.typeName(function) + "' object is not callable");
            }
            scope.rendering().append(Values.text(callable.call(new Arguments(passed.positional(), named))));
            return Flow.ON;
        }
    }

    /** {@code {% generation %}body{% endgeneration %}}: what the assistant said. */
    record Generation(Block body) implements Statement {
        @Override
        public Flow execute(Scope scope) {
            scope.rendering().generate(() -> body.execute(scope.inner()));
            return Flow.ON;
        }
    }
}
