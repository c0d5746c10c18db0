package dev.graft.starter;

import dev.graft.starter.bpe.BpeTrainer;
import dev.graft.starter.bpe.Vocabulary;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Writes everything that the starter model and the examples are made from. */
public final class Starter {

    /** Decides every word that is written. */
    static final long SEED = 1;

    /** Tokens of the vocabulary. */
    static final int VOCABULARY_SIZE = 2048;

    /** The longest sequence of the starter model, in tokens. */
    static final int LONGEST_SEQUENCE = 512;

    /** How much of the corpus the vocabulary is learnt from, in bytes. */
    private static final long VOCABULARY_TEXT = 3_000_000;

    /** Unlabelled texts among the data of the examples: documents of the corpus, but none that the starter model has read. */
    private static final long FIRST_TEXT = 20_000_000;

    private static final int TEXTS = 2000;

    private static final String USAGE = "usage: corpus FILE [MEGABYTES] | tokenizer DIRECTORY | data DIRECTORY";

    private Starter() {}

    /** Runs one of the three commands; anything else is answered with how to call them, and exit code 2. */
    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.err));
    }

    static int run(List<String> arguments, PrintStream messages) {
        String command = arguments.isEmpty() ? "" : arguments.get(0);
        boolean sized = arguments.size() == 3 && arguments.get(2).matches("[1-9][0-9]{0,3}");
        if (command.equals("corpus") && (arguments.size() == 2 || sized)) {
            writeCorpus(Path.of(arguments.get(1)), sized ? Long.parseLong(arguments.get(2)) : 16);
        } else if (command.equals("tokenizer") && arguments.size() == 2) {
            writeTokenizer(Path.of(arguments.get(1)));
        } else if (command.equals("data") && arguments.size() == 2) {
            writeData(Path.of(arguments.get(1)));
        } else {
            messages.println(USAGE);
            return 2;
        }
        return 0;
    }

    /**
     * Writes the pretraining corpus as JSON lines with one field, {@code text}.
     *
     * @param file where to; its folder is made if need be
     * @param megabytes how much text, in millions of bytes
     */
    static void writeCorpus(Path file, long megabytes) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (BufferedWriter out = Files.newBufferedWriter(file)) {
                new Corpus(SEED).write(megabytes * 1_000_000, document -> append(out, document));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the corpus to " + file, e);
        }
    }

    /** Learns the vocabulary from the corpus and the labelled data, and writes {@code tokenizer.json} and {@code tokenizer_config.json}. */
    static void writeTokenizer(Path directory) {
        write(directory.resolve("tokenizer.json"), TokenizerFiles.tokenizer(vocabulary()));
        write(directory.resolve("tokenizer_config.json"), TokenizerFiles.config(LONGEST_SEQUENCE));
    }

    /**
     * Writes the labelled data sets, each in a folder of its own, {@code train.jsonl} and {@code test.jsonl}, and the unlabelled
     * {@code plain/train.jsonl} and {@code snippets/train.jsonl}.
     */
    static void writeData(Path directory) {
        List<LabelledData> sets = new ArrayList<>(LabelledData.all(SEED));
        sets.add(Moods.data(SEED));
        sets.add(Moods.told(SEED));
        for (LabelledData data : sets) {
            write(directory.resolve(data.name()).resolve("train.jsonl"), lines(data.train()));
            write(directory.resolve(data.name()).resolve("test.jsonl"), lines(data.test()));
        }
        Corpus corpus = new Corpus(SEED);
        write(
                directory.resolve("plain").resolve("train.jsonl"),
                lines(LongStream.range(FIRST_TEXT, FIRST_TEXT + TEXTS)
                        .mapToObj(index -> Map.<String, Object>of("text", corpus.document(index)))
                        .toList()));
        write(directory.resolve("snippets").resolve("train.jsonl"), lines(Moods.snippets(SEED)));
    }

    private static Vocabulary vocabulary() {
        BpeTrainer trainer = new BpeTrainer();
        new Corpus(SEED).write(VOCABULARY_TEXT, document -> trainer.add(SpecialTokens.without(document)));
        for (LabelledData data : LabelledData.all(SEED)) {
            data.texts().forEach(trainer::add);
        }
        return trainer.train(VOCABULARY_SIZE, SpecialTokens.ALL);
    }

    private static void append(BufferedWriter out, String document) {
        try {
            out.write(Json.line(Map.of("text", document)));
            out.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to the corpus", e);
        }
    }

    private static String lines(List<Map<String, Object>> records) {
        return records.stream().map(fields -> Json.line(fields) + "\n").collect(Collectors.joining());
    }

    private static void write(Path file, String content) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, content, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
