package dev.graft.standalone.command;

import dev.graft.kernel.plugin.PluginRegistry;
import dev.graft.spi.engine.Engine;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code graft env}: what a bug report should say. */
@Command(
        name = "env",
        description = "Show versions, machine, engine and settings, for bug reports.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  graft env                     everything, which starts the engine",
            "  graft env --engine none       without starting an engine",
        })
final class EnvCommand implements Callable<Integer> {
    private static final String NONE = "none";

    @ParentCommand
    private GraftCommand graft;

    @Option(
            names = "--engine",
            paramLabel = "ID",
            defaultValue = Defaults.ENGINE,
            description = "The engine to describe; none to start none. Default: ${DEFAULT-VALUE}.")
    private String engine;

    @Override
    public Integer call() {
        Map<String, Object> facts = facts(graft.plugins());
        if (graft.json()) {
            graft.print(facts);
        } else {
            facts.forEach((name, value) -> graft.console().out().println(String.format("%-10s %s", name, value)));
        }
        return GraftCommand.DONE;
    }

    private Map<String, Object> facts(PluginRegistry plugins) {
        Runtime runtime = Runtime.getRuntime();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("graft", GraftCommand.Version.number());
        facts.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        facts.put(
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        facts.put("cores", runtime.availableProcessors());
        facts.put("java_heap", (runtime.maxMemory() >> 20) + " MiB at most");
        facts.put("directory", Path.of("").toAbsolutePath().toString());
        facts.put(
                "plugins",
                String.join(
                        ", ",
                        plugins.plugins().stream()
                                .map(plugin -> plugin.id() + "@" + plugin.version())
                                .toList()));
        for (String variable : new String[] {"HF_HOME", "HF_HUB_CACHE", "HF_ENDPOINT", "HF_HUB_OFFLINE"}) {
            if (System.getenv(variable) != null) {
                facts.put(variable, System.getenv(variable));
            }
        }
        if (!engine.equals(NONE)) {
            try (Engine started = Engines.start(plugins, engine)) {
                facts.put("engine", started.id() + ": " + started.describe());
            }
        }
        return facts;
    }
}
