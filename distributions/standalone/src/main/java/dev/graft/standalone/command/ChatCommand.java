package dev.graft.standalone.command;

import dev.graft.kernel.checkpoint.Checkpoint;
import dev.graft.kernel.config.NearestName;
import dev.graft.kernel.generate.GenerationRequest;
import dev.graft.kernel.generate.Generator;
import dev.graft.kernel.generate.SamplingOptions;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.standalone.chat.AdapterShelf;
import dev.graft.standalone.chat.ChatLine;
import dev.graft.standalone.chat.Conversation;
import dev.graft.standalone.model.ModelChoice;
import dev.graft.standalone.model.ModelSession;
import dev.graft.standalone.model.TimedGeneration;
import dev.graft.standalone.terminal.Console;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code graft chat}: a conversation with a model, in its chat template. */
@Command(
        name = "chat",
        description = {
            "Talk with a model that has a chat template, one line a turn, from a terminal or a pipe.",
            "",
            "Lines that begin with a slash are commands: /adapter NAME goes on with another of the adapters that"
                    + " --adapter loaded, or with base; /system TEXT sets the system text; /reset forgets the"
                    + " conversation; /exit ends; /help tells all of them. Two slashes begin a message with one."
                    + " What is not said is taken from the checkpoint's generation_config.json.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  graft chat runs/chat                                          with what a run has learnt",
            "  graft chat --model org/name --adapter runs/a --adapter runs/b several adapters, to switch between",
            "  printf 'Hello!\\nAnd now?\\n' | graft chat runs/chat            two turns without a terminal",
        })
final class ChatCommand implements Callable<Integer> {
    private static final Set<String> COMMANDS = Set.of("adapter", "exit", "help", "reset", "system");
    private static final List<String> HELP = List.of(
            "/adapter NAME   go on with this adapter, or with base; without a name, list them",
            "/system TEXT    set the system text; without a text, take it away",
            "/reset          forget what was said; the system text stays",
            "/exit           end, as the end of input does",
            "/help           these lines");

    @ParentCommand
    private GraftCommand graft;

    @Mixin
    private ModelOptions chosen;

    @Mixin
    private SamplingFlags sampling;

    @Option(names = "--system", paramLabel = "TEXT", defaultValue = "", description = "The system text to begin with.")
    private String system;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            converter = FloatType.class,
            description = "How weights are held: float32, bfloat16 or float16. Default: as in the run, else float32.")
    private DType dtype;

    private final Conversation conversation = new Conversation();
    private boolean failed;

    @Override
    public Integer call() {
        PluginRegistry plugins = graft.plugins();
        ModelChoice choice = chosen.choose(plugins, graft.console());
        try (Engine engine = Engines.start(plugins, chosen.engine());
                ModelSession session = new ModelSession(
                        plugins, "chat with", engine, choice.directory(), choice.options(plugins, dtype))) {
            ChatPrompt.require(session);
            Generator generator = new Generator(session.model(), session.tokenizer());
            AdapterShelf adapters = new AdapterShelf(session, choice.adapters());
            conversation.system(system);
            try (Checkpoint settings = session.settings()) {
                converse(session, generator, sampling.options(settings, session.tokenizer()), adapters);
            }
        }
        return failed && !graft.console().interactive() ? GraftCommand.BAD_INPUT : GraftCommand.DONE;
    }

    private void converse(ModelSession session, Generator generator, SamplingOptions options, AdapterShelf adapters) {
        if (graft.console().interactive()) {
            note("/help tells the commands; adapters: " + String.join(", ", adapters.names()));
        }
        for (String line = read(adapters); line != null; line = read(adapters)) {
            ChatLine typed = ChatLine.of(line);
            try {
                if (typed.command().isPresent()) {
                    if (typed.command().get().equals("exit")) {
                        return;
                    }
                    obey(typed.command().get(), typed.text(), adapters);
                } else if (!typed.text().isBlank()) {
                    answer(session, generator, options, adapters, typed.text());
                }
            } catch (ConfigurationException wrong) {
                failed = true;
                note(wrong.getMessage());
            }
        }
    }

    private String read(AdapterShelf adapters) {
        Console console = graft.console();
        if (console.interactive()) {
            console.out().print(adapters.current() + "> ");
            console.out().flush();
        }
        try {
            return console.in().readLine();
        } catch (IOException e) {
            throw new ConfigurationException("standard input cannot be read: " + e.getMessage(), e);
        }
    }

    private void obey(String command, String text, AdapterShelf adapters) {
        switch (command) {
            case "adapter" -> {
                if (!text.isEmpty()) {
                    adapters.use(text);
                }
                note("adapter " + adapters.current() + " of " + String.join(", ", adapters.names()));
            }
            case "system" -> conversation.system(text);
            case "reset" -> conversation.reset();
            case "help" -> HELP.forEach(graft.console().err()::println);
            default ->
                throw new ConfigurationException("there is no command '/" + command + "'; "
                        + NearestName.suggestion(command, new TreeSet<>(COMMANDS)));
        }
    }

    private void answer(
            ModelSession session, Generator generator, SamplingOptions options, AdapterShelf adapters, String text) {
        conversation.user(text);
        TimedGeneration made;
        try {
            int[] prompt = ChatPrompt.ids(session, conversation.messages());
            GenerationRequest request = new GenerationRequest(prompt, adapters.attached(), options);
            made = TimedGeneration.of(generator, List.of(request), this::stream).get(0);
        } catch (ConfigurationException wrong) {
            conversation.withdraw();
            throw wrong;
        }
        conversation.assistant(made.generation().text());
        if (graft.json()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("prompt", text);
            json.put("adapter", adapters.current());
            json.putAll(made.tree());
            graft.print(json);
        } else {
            graft.console().out().println();
        }
        graft.console().out().flush();
    }

    private void stream(String piece) {
        if (!graft.json()) {
            graft.console().out().print(piece);
            graft.console().out().flush();
        }
    }

    private void note(String text) {
        graft.console().err().println("graft: " + text);
        graft.console().err().flush();
    }
}
