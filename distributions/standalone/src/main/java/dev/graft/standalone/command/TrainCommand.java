package dev.graft.standalone.command;

import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.recipe.Recipe;
import dev.graft.kernel.recipe.RecipeReader;
import dev.graft.kernel.train.TrainingEvent;
import dev.graft.standalone.training.TrainingSession;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code graft train}: trains what a recipe describes. */
@Command(
        name = "train",
        description = {
            "Train the adapter that a recipe describes.",
            "",
            "The run's directory (the recipe's output) gets recipe.yaml as it was run, checkpoints/ to resume from,"
                    + " adapter/, metrics.jsonl, samples.jsonl, TensorBoard event files and loss.png. Ctrl-C stops"
                    + " after the step under way with a checkpoint written; the exit code is then 130.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  graft train recipe.yaml                                  as the recipe says",
            "  graft train recipe.yaml training.steps=50 method.r=4     with two values changed",
            "  graft train recipe.yaml overwrite=true                   in place of an earlier run",
            "  graft train recipe.yaml --dry-run                        check everything, train nothing",
            "  graft train recipe.yaml --json > events.jsonl            for another program",
            "  tensorboard --logdir runs                                curves of all runs below runs/",
        })
final class TrainCommand implements Callable<Integer> {
    @ParentCommand
    private GraftCommand graft;

    @Mixin
    private RecipeArguments arguments;

    @Option(names = "--dry-run", description = "Read everything, print the recipe as it would run, and train nothing.")
    private boolean dryRun;

    @Override
    public Integer call() {
        PluginRegistry plugins = graft.plugins();
        Recipe recipe = arguments.read(plugins);
        TrainingSession session = new TrainingSession(graft.console(), plugins, graft.json());
        if (dryRun) {
            show(recipe, session.prepare(recipe));
            return GraftCommand.DONE;
        }
        boolean finished = session.run(recipe, recipe.outputDirectory(), trainer -> trainer.train(recipe));
        return finished ? GraftCommand.DONE : GraftCommand.INTERRUPTED;
    }

    private void show(Recipe recipe, TrainingEvent.Started started) {
        String text = RecipeReader.write(recipe);
        if (graft.json()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("recipe", text);
            json.put("trainable_parameters", started.trainableParameters());
            json.put("all_parameters", started.allParameters());
            json.put("train_examples", started.trainExamples());
            json.put("eval_examples", started.evalExamples());
            json.put("total_steps", started.totalSteps());
            json.put("notes", started.notes());
            graft.print(json);
            return;
        }
        graft.print(text.lines().toList());
        graft.print(List.of(""));
        graft.print(TrainingSession.beginning(recipe, started));
    }
}
