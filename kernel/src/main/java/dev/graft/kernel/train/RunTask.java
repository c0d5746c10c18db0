package dev.graft.kernel.train;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.data.BatchStream;
import dev.graft.kernel.data.DataLoader;
import dev.graft.kernel.data.DataSets;
import dev.graft.kernel.data.Draw;
import dev.graft.kernel.data.HostBatch;
import dev.graft.kernel.recipe.DataSection;
import dev.graft.kernel.recipe.TaskSection;
import dev.graft.spi.objective.Actor;
import dev.graft.spi.objective.EncodeContext;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.tokenizer.Tokenizer;
import java.util.List;
import java.util.Optional;

/**
 * A task of a run, opened.
 *
 * @param section what the recipe says of it
 * @param objective what it minimises
 * @param model the base under the head it needs
 * @param tokenizer the base's
 * @param data what it learns from
 * @param adapters what is attached for it, in order
 * @param own what the objective itself learns
 * @param actor has the model act
 */
record RunTask(
        TaskSection section,
        Objective objective,
        LoadedModel model,
        Tokenizer tokenizer,
        DataSets data,
        List<AttachedAdapter> adapters,
        Optional<AttachedAdapter> own,
        Actor actor) {
    /** Copies the list. */
    RunTask {
        adapters = List.copyOf(adapters);
    }

    /** The same with other data. */
    RunTask with(DataSets newData) {
        return new RunTask(section, objective, model, tokenizer, newData, adapters, own, actor);
    }

    /** Its name; empty for the only task of a recipe. */
    String name() {
        return section.name();
    }

    /** What something of this task is called in a run of several. */
    String called(String what, String between) {
        return name().isEmpty() ? what : name() + between + what;
    }

    /** What the objective draws of an example in every pass over the data. */
    Draw draw() {
        return Draw.of(
                objective,
                new EncodeContext(tokenizer, model.description(), section.data().maxLength(), data.labels()));
    }

    /** The id to pad with. */
    int padToken() {
        return DataLoader.padToken(tokenizer, model.description());
    }

    /** Seed of its data's order. */
    long dataSeed(long training) {
        return section.data().seed() == null ? training : section.data().seed();
    }

    /** Rows of one batch of evaluation. */
    int evalBatchSize() {
        DataSection from = section.data();
        return from.evalBatchSize() == null ? from.batchSize() : from.evalBatchSize();
    }

    /** The batches to evaluate on; none where there is no data for it. */
    List<HostBatch> evaluation(long training) {
        return BatchStream.once(data.eval(), evalBatchSize(), padToken(), draw(), dataSeed(training));
    }

    /** The training examples, each in a batch of its own. */
    List<HostBatch> single(long training) {
        return BatchStream.once(data.train(), 1, padToken(), draw(), dataSeed(training));
    }
}
