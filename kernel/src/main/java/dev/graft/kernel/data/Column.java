package dev.graft.kernel.data;

import java.util.List;

/** The names of canonical columns, which objectives read. */
public final class Column {
    /** Plain text. */
    public static final String TEXT = "text";
    /** The second text of a pair. */
    public static final String TEXT_PAIR = "text_pair";
    /** A class: its name, its number, or a truth value. */
    public static final String LABEL = "label";
    /** What is asked. */
    public static final String PROMPT = "prompt";
    /** What is answered. */
    public static final String COMPLETION = "completion";
    /** A system message that goes with a prompt. */
    public static final String SYSTEM = "system";
    /** A conversation: maps with {@code role} (system, user, assistant, tool) and {@code content}. */
    public static final String MESSAGES = "messages";
    /** The better of two answers. */
    public static final String CHOSEN = "chosen";
    /** The worse of two answers. */
    public static final String REJECTED = "rejected";

    static final String INSTRUCTION = "instruction";
    static final String INPUT = "input";
    static final String OUTPUT = "output";
    static final String HISTORY = "history";
    static final String CONVERSATIONS = "conversations";
    static final String TOOLS = "tools";

    /** Every column that has a meaning. */
    static final List<String> ALL = List.of(
            TEXT,
            TEXT_PAIR,
            LABEL,
            PROMPT,
            COMPLETION,
            SYSTEM,
            MESSAGES,
            CHOSEN,
            REJECTED,
            INSTRUCTION,
            INPUT,
            OUTPUT,
            HISTORY,
            CONVERSATIONS,
            TOOLS);

    private Column() {}
}
