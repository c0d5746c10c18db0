package dev.graft.starter.grammar;

import java.util.List;

/** One piece of a template: literal text, a choice between wordings, or a slot that the grammar fills. */
sealed interface Part {

    /** Text that stands for itself. */
    record Literal(String text) implements Part {}

    /** Exactly one of several wordings, all equally likely: {@code [a|b|c]}. */
    record Choice(List<List<Part>> wordings) implements Part {}

    /**
     * A place to fill: {@code {rule}}, {@code {name:rule}}, {@code {name}} or {@code {name.column}}.
     *
     * @param name the variable to bind, or null when the result is not kept
     * @param source the rule or the variable that is read
     * @param column the column of the bound line that is read, or null for its text
     * @param capital whether the first letter becomes a capital ({@code ^})
     * @param article whether {@code a} or {@code an} is put in front ({@code ~})
     * @param silent whether the slot binds its variable without writing anything ({@code !})
     */
    record Slot(String name, String source, String column, boolean capital, boolean article, boolean silent)
            implements Part {}
}
