package dev.graft.standalone.command;

import dev.graft.spi.model.Task;

/** What {@code graft recommend} can be asked for, with the objective that trains it. */
enum RecommendTask {
    /** A label for every text. */
    CLASSIFICATION(Task.SEQ_CLS, "classification"),
    /** Answers to prompts. */
    INSTRUCTION(Task.CAUSAL_LM, "causal-lm"),
    /** More text of a kind. */
    TEXT(Task.CAUSAL_LM, "causal-lm");

    private final Task task;
    private final String objective;

    RecommendTask(Task task, String objective) {
        this.task = task;
        this.objective = objective;
    }

    Task task() {
        return task;
    }

    String objective() {
        return objective;
    }
}
