package dev.graft.tokenizers.huggingface.jinja;

import java.util.List;

/**
 * Statements one after the other.
 *
 * @param statements the statements
 */
record Block(List<Statement> statements) implements Statement {
    @Override
    public Flow execute(Scope scope) {
        for (Statement statement : statements) {
            Flow flow = statement.execute(scope);
            if (flow != Flow.ON) {
                return flow;
            }
        }
        return Flow.ON;
    }
}
