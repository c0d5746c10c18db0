package dev.graft.standalone.command;

import dev.graft.kernel.data.DataFiles;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.standalone.terminal.Console;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** The options that say what to continue. */
final class PromptOptions {
    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            description = "A text to go on from; may be given several times. Without --prompt and --file, all of"
                    + " standard input is one prompt.")
    private List<String> prompts = new ArrayList<>();

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "Prompts from a file: a text file with one on each line, or .jsonl, .json, .csv, .tsv or"
                    + " .parquet with a column 'prompt'.")
    private Path file;

    /**
     * The prompts in order, at least one.
     *
     * @throws ConfigurationException if they are given twice over, or a file is wrong or holds none
     */
    List<String> read(Console console) {
        if (file != null && !prompts.isEmpty()) {
            throw new ConfigurationException("--prompt and --file are both given; only one of them is allowed");
        }
        if (file != null) {
            return ofFile();
        }
        return prompts.isEmpty() ? List.of(standardInput(console)) : List.copyOf(prompts);
    }

    private List<String> ofFile() {
        List<String> found = file.toString().matches("(?i).*\\.(jsonl|ndjson|json|csv|tsv|parquet)")
                ? DataFiles.read(file).stream()
                        .map(record -> record.require("prompt"))
                        .toList()
                : lines();
        if (found.isEmpty()) {
            throw new ConfigurationException("there is no prompt in " + file);
        }
        return found;
    }

    private List<String> lines() {
        if (!Files.isRegularFile(file)) {
            throw new ConfigurationException("there is no file " + file);
        }
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> !line.isBlank())
                    .toList();
        } catch (CharacterCodingException e) {
            throw new ConfigurationException(file + " is not UTF-8 text", e);
        } catch (IOException e) {
            throw new ConfigurationException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static String standardInput(Console console) {
        if (console.interactive()) {
            console.err().println("graft: reading the prompt from standard input, which ends with Ctrl-D");
        }
        try {
            return console.in().lines().collect(Collectors.joining("\n"));
        } catch (UncheckedIOException e) {
            throw new ConfigurationException("standard input cannot be read: " + e.getMessage(), e);
        }
    }
}
