package dev.graft.standalone.command;

import dev.graft.kernel.plugin.PluginLease;
import dev.graft.kernel.plugin.Plugins;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.tokenizer.TokenizerProvider;
import dev.graft.standalone.inspect.AdapterInspector;
import dev.graft.standalone.inspect.CheckpointInspector;
import dev.graft.standalone.inspect.Inspection;
import dev.graft.standalone.inspect.TensorGroup;
import dev.graft.standalone.inspect.TokenizerInspector;
import dev.graft.standalone.terminal.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code graft inspect}: what a checkpoint, an adapter or a tokenizer is. */
@Command(
        name = "inspect",
        description = "Show what a checkpoint, an adapter or a tokenizer is: its shapes, its dtypes, its size, and how"
                + " many parameters an adapter trains. Nothing is loaded but headers and the tokenizer.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  graft inspect models/llama                     a checkpoint, with its tokenizer",
            "  graft inspect org/name                         one of the hub",
            "  graft inspect runs/quickstart/adapter          an adapter",
            "  graft inspect models/llama --tensors           every tensor",
            "  graft inspect models/llama --text 'Hello!'     how the tokenizer splits a text",
        })
final class InspectCommand implements Callable<Integer> {
    @ParentCommand
    private GraftCommand graft;

    @Parameters(index = "0", paramLabel = "PATH", description = "A directory, or an id on the hub.")
    private String path;

    @Option(
            names = "--model",
            paramLabel = "PATH",
            description = "The base model of an adapter, where it is not the one its files name.")
    private String model;

    @Option(names = "--tensors", description = "A line for every tensor, instead of one for all blocks.")
    private boolean tensors;

    @Option(names = "--text", paramLabel = "TEXT", description = "Show how the tokenizer splits this text.")
    private String text;

    @Override
    public Integer call() {
        Path directory = ModelPath.resolve(path, graft.console());
        try (PluginLease plugins = graft.plugins().lease("inspection of " + directory)) {
            inspect(plugins, directory);
        }
        return GraftCommand.DONE;
    }

    private void inspect(Plugins plugins, Path directory) {
        AdapterInspector adapters = new AdapterInspector(plugins);
        TokenizerInspector tokenizers = new TokenizerInspector(plugins);
        Optional<TokenizerProvider> tokenizer = tokenizers.provider(directory);
        boolean checkpoint = Files.exists(directory.resolve("config.json"));
        Map<String, Path> found = checkpoint ? Map.of() : adapters.list(directory);
        if (!checkpoint && found.isEmpty() && tokenizer.isEmpty()) {
            throw new ConfigurationException(directory
                    + " holds no checkpoint (config.json), no adapter of an installed method and no tokenizer");
        }
        if (checkpoint) {
            show(new CheckpointInspector(plugins).inspect(directory, tensors));
        }
        for (Path adapter : found.values()) {
            show(adapters.inspect(adapter, base(adapters.basePath(adapter), adapter), tensors));
        }
        if (text != null || tokenizer.isPresent()) {
            TokenizerProvider provider = tokenizer.orElseThrow(
                    () -> new ConfigurationException(directory + " holds no tokenizer to split a text with"));
            if ((checkpoint || !found.isEmpty()) && !graft.json()) {
                graft.console().out().println();
            }
            showTokenizer(tokenizers, provider, directory);
        }
    }

    /** The base model's directory, if it is on this machine. */
    private Optional<Path> base(Optional<String> named, Path adapter) {
        if (model != null) {
            return Optional.of(ModelPath.resolve(model, graft.console()));
        }
        return named.flatMap(name -> List.of(Path.of(name), adapter.resolve(name)).stream()
                .filter(candidate -> Files.exists(candidate.resolve("config.json")))
                .findFirst());
    }

    private void show(Inspection inspection) {
        if (graft.json()) {
            graft.print(inspection.tree());
            return;
        }
        facts(inspection.facts());
        graft.console().out().println();
        Table table = Table.withNumbers(3, "TENSOR", "NUMBER", "DTYPE", "PARAMETERS", "SHAPE");
        for (TensorGroup group : inspection.tensors()) {
            table.row(
                    group.name(),
                    Long.toString(group.count()),
                    group.dtype().safetensorsName(),
                    String.format(Locale.ROOT, "%,d", group.elements()),
                    group.shape());
        }
        graft.print(table.lines(graft.console().columns()));
        if (!inspection.closing().isEmpty()) {
            graft.console().out().println();
            graft.console().out().println(inspection.closing());
        }
    }

    private void showTokenizer(TokenizerInspector tokenizers, TokenizerProvider provider, Path directory) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("kind", "tokenizer");
        facts.putAll(tokenizers.inspect(provider, directory));
        if (text != null) {
            facts.put("split", tokenizers.split(provider, directory, text));
        }
        if (graft.json()) {
            graft.print(facts);
            return;
        }
        Object split = facts.remove("split");
        facts(facts);
        if (split != null) {
            graft.console().out().println();
            Table table = Table.of("ID", "TOKEN");
            for (Object token : (List<?>) split) {
                Map<?, ?> row = (Map<?, ?>) token;
                table.row(String.valueOf(row.get("id")), "'" + row.get("token") + "'");
            }
            graft.print(table.lines(graft.console().columns()));
        }
    }

    private void facts(Map<String, Object> facts) {
        int width = facts.keySet().stream().mapToInt(String::length).max().orElse(0);
        facts.forEach((name, value) ->
                graft.console().out().println(String.format("%-" + width + "s  %s", name, shown(value))));
    }

    private static String shown(Object value) {
        if (value instanceof Long number) {
            return String.format(Locale.ROOT, "%,d", number);
        }
        if (value instanceof Double number) {
            return String.format(Locale.ROOT, "%.4f", number);
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> entry.getKey() + " " + entry.getValue())
                    .collect(Collectors.joining(", "));
        }
        return value instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(", "))
                : String.valueOf(value);
    }
}
