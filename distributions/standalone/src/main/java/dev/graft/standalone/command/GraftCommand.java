package dev.graft.standalone.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.kernel.recipe.RecipeReader;
import dev.graft.standalone.plugins.InstalledPlugins;
import dev.graft.standalone.plugins.PluginFolders;
import dev.graft.standalone.terminal.Console;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code graft}: what all its subcommands share. */
@Command(
        name = "graft",
        versionProvider = GraftCommand.Version.class,
        description = "Parameter-efficient fine-tuning for the JVM: teach a pretrained model new things by training a"
                + " small adapter.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            TrainCommand.class,
            EstimateCommand.class,
            RecommendCommand.class,
            ResumeCommand.class,
            ContinualCommand.class,
            ChainCommand.class,
            EvalCommand.class,
            PredictCommand.class,
            GenerateCommand.class,
            ChatCommand.class,
            MergeCommand.class,
            CombineCommand.class,
            InspectCommand.class,
            VerifyCommand.class,
            PluginsCommand.class,
            TckCommand.class,
            SchemaCommand.class,
            EnvCommand.class,
            CompletionCommand.class,
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  graft train examples/quickstart.yaml            train the adapter a recipe describes",
            "  graft train recipe.yaml training.steps=50       the same with one value changed",
            "  graft plugins                                   what there is to choose from",
            "  graft COMMAND --help                            what a command does, with examples",
        })
public final class GraftCommand implements Callable<Integer>, AutoCloseable {
    /** Exit code of a command that did what it was asked to do. */
    public static final int DONE = 0;

    /** Exit code of a command that could not, or whose answer is no. */
    public static final int FAILED = 1;

    /** Exit code for input that a person has to mend. */
    public static final int BAD_INPUT = 2;

    /** Exit code of a command that was stopped from outside, as shells have it for Ctrl-C. */
    public static final int INTERRUPTED = 130;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Print JSON, one object a line, for other programs to read.")
    private boolean json;

    @Option(
            names = "--stack-trace",
            scope = ScopeType.INHERIT,
            description = "When something goes wrong, say where in the program.")
    private boolean stackTrace;

    @Option(
            names = "--plugins",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "The folder of your own plugins. Default: $GRAFT_PLUGINS or ~/.graft/plugins.")
    private Path pluginFolder;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    @SuppressWarnings("unused") // picocli acts on it
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    @SuppressWarnings("unused") // picocli acts on it
    private boolean version;

    @Spec
    private CommandSpec spec;

    private final Console console;
    private final ObjectMapper mapper = new ObjectMapper();
    private InstalledPlugins installed;

    /** The command on a console. */
    public GraftCommand(Console console) {
        this.console = console;
    }

    /** Tells the version of the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"graft " + number()};
        }

        static String number() {
            String number = Version.class.getPackage().getImplementationVersion();
            return number == null ? "unpackaged" : number;
        }
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(console.err());
        return BAD_INPUT;
    }

    Console console() {
        return console;
    }

    boolean json() {
        return json;
    }

    /** Whether whoever runs the command wants to see where something went wrong. */
    public boolean stackTrace() {
        return stackTrace;
    }

    /** The plugins of the class path and of the folders; what is broken is noted on the error stream. */
    PluginRegistry plugins() {
        if (installed == null) {
            installed = InstalledPlugins.open(
                    pluginFolders(), warning -> console.err().println("graft: " + warning));
        }
        return installed.registry();
    }

    /** Where plugins lie besides the class path. */
    PluginFolders pluginFolders() {
        return PluginFolders.of(pluginFolder, System.getenv());
    }

    /** Lets go of the plugins of the folders. */
    @Override
    public void close() {
        if (installed != null) {
            installed.close();
        }
    }

    /** Reads recipes with this distribution's defaults. */
    static RecipeReader recipes(PluginRegistry plugins) {
        return new RecipeReader(plugins, Defaults.SECTIONS, Path.of(""));
    }

    /** Prints a value as one line of JSON. */
    void print(Object value) {
        console.out().println(line(value));
    }

    /** A value as one line of JSON. */
    String line(Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("cannot write " + value + " as JSON", impossible);
        }
    }

    /** Prints lines of text. */
    void print(List<String> lines) {
        lines.forEach(console.out()::println);
    }
}
