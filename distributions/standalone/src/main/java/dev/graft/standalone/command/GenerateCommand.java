package dev.graft.standalone.command;

import dev.graft.kernel.checkpoint.Checkpoint;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.generate.GenerationRequest;
import dev.graft.kernel.generate.Generator;
import dev.graft.kernel.generate.SamplingOptions;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.tokenizer.Tokenizer;
import dev.graft.standalone.model.ModelChoice;
import dev.graft.standalone.model.ModelSession;
import dev.graft.standalone.model.TimedGeneration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code graft generate}: text from prompts, many at a time. */
@Command(
        name = "generate",
        description = {
            "Go on from prompts with a causal language model, with adapters or without.",
            "",
            "Several prompts run together in one batch. One --adapter is for all of them; as many as there are prompts"
                    + " go to them one by one, so that each row of the batch may have another, with 'base' or '-' for"
                    + " a row without. What is not said is taken from the checkpoint's generation_config.json.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  graft generate runs/commands --prompt 'Add rice to the list.'    what a run has learnt",
            "  graft generate --model models/llama --prompt Hello               the base model",
            "  graft generate runs/commands --prompt Hi --prompt Hi --adapter runs/commands --adapter base",
            "                                                                   with and without, in one batch",
            "  graft generate runs/chat --chat --temperature 0.8 --seed 1 --prompt 'Who are you?'",
            "  graft generate --model org/name --file prompts.txt --json        for other programs",
        })
final class GenerateCommand implements Callable<Integer> {
    @ParentCommand
    private GraftCommand graft;

    @Mixin
    private ModelOptions chosen;

    @Mixin
    private PromptOptions asked;

    @Mixin
    private SamplingFlags sampling;

    @Option(names = "--chat", description = "Put each prompt as a user's message into the model's chat template.")
    private boolean chat;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            converter = FloatType.class,
            description = "How weights are held: float32, bfloat16 or float16. Default: as in the run, else float32.")
    private DType dtype;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            defaultValue = "32",
            description = "Most prompts to run together. Default: ${DEFAULT-VALUE}.")
    private int batchSize;

    @Override
    public Integer call() {
        if (batchSize < 1) {
            throw new ConfigurationException("--batch-size is " + batchSize + "; it must be at least 1");
        }
        PluginRegistry plugins = graft.plugins();
        ModelChoice choice = chosen.choose(plugins, graft.console());
        List<String> prompts = asked.read(graft.console());
        List<String> adapters = byPrompt(choice.adapters(), prompts.size());
        try (Engine engine = Engines.start(plugins, chosen.engine());
                ModelSession session = new ModelSession(
                        plugins, "generation with", engine, choice.directory(), choice.options(plugins, dtype))) {
            generate(session, prompts, adapters);
        }
        return GraftCommand.DONE;
    }

    private static List<String> byPrompt(List<String> adapters, int prompts) {
        List<String> byPrompt = new ArrayList<>(adapters);
        if (adapters.isEmpty()) {
            byPrompt.add(ModelChoice.BASE);
        }
        while (adapters.size() <= 1 && byPrompt.size() < prompts) {
            byPrompt.add(byPrompt.get(0));
        }
        if (byPrompt.size() != prompts) {
            throw new ConfigurationException("--adapter is given " + adapters.size() + " times for " + prompts
                    + (prompts == 1 ? " prompt" : " prompts") + "; give it once for all, or once for each prompt");
        }
        return byPrompt;
    }

    private void generate(ModelSession session, List<String> prompts, List<String> adapters) {
        Tokenizer tokenizer = session.tokenizer();
        Generator generator = new Generator(session.model(), tokenizer);
        List<GenerationRequest> requests = new ArrayList<>();
        try (Checkpoint settings = session.settings()) {
            SamplingOptions options = sampling.options(settings, tokenizer);
            for (int i = 0; i < prompts.size(); i++) {
                String adapter = adapters.get(i);
                List<AttachedAdapter> attached =
                        ModelChoice.isBase(adapter) ? List.of() : session.adapter(Path.of(adapter));
                requests.add(new GenerationRequest(
                        ids(session, prompts.get(i)), attached, options.withSeed(options.seed() + i)));
            }
        }
        boolean streaming = prompts.size() == 1 && !graft.json();
        for (int from = 0; from < requests.size(); from += batchSize) {
            List<GenerationRequest> batch = requests.subList(from, Math.min(requests.size(), from + batchSize));
            List<TimedGeneration> made = TimedGeneration.of(generator, batch, text -> show(streaming, text));
            for (int i = 0; i < made.size(); i++) {
                show(prompts, from + i, adapters.get(from + i), made.get(i));
            }
        }
    }

    private int[] ids(ModelSession session, String prompt) {
        return chat
                ? ChatPrompt.ids(session, List.of(Map.of("role", "user", "content", prompt)))
                : session.tokenizer().encode(prompt, true).ids();
    }

    private void show(boolean streaming, String text) {
        if (streaming) {
            graft.console().out().print(text);
            graft.console().out().flush();
        }
    }

    private void show(List<String> prompts, int index, String adapter, TimedGeneration made) {
        if (graft.json()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("prompt", prompts.get(index));
            json.put("adapter", adapter);
            json.putAll(made.tree());
            graft.print(json);
            return;
        }
        if (prompts.size() > 1) {
            graft.console().out().println("[" + (index + 1) + "] " + prompts.get(index));
            graft.console().out().print(made.generation().text());
            graft.console().out().println();
        }
        graft.console().out().println();
        graft.console().out().flush();
        if (graft.console().interactive()) {
            graft.console()
                    .err()
                    .println(String.format(
                            Locale.ROOT,
                            "graft: %d tokens in %.2f s (%.1f tokens/s), ended by %s",
                            made.generation().ids().length,
                            made.seconds(),
                            made.tokensPerSecond(),
                            made.finish()));
        }
    }
}
