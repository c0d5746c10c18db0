package dev.graft.tck.tokenizer;

import static dev.graft.tck.rule.Chapter.article;
import static dev.graft.tck.rule.Rule.must;

import dev.graft.spi.tokenizer.Tokenizer;
import dev.graft.tck.rule.Chapter;
import dev.graft.tck.rule.Expect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Chapter 14: tokenizers. */
public final class TokenizerRules {
    private static final int THREADS = 3;
    private static final List<String> ROLES =
            List.of("bos_token", "eos_token", "pad_token", "unk_token", "mask_token", "cls_token", "sep_token");

    /** The chapter. */
    public static final Chapter<TokenizerTrial> CHAPTER = new Chapter<>(
            14,
            "Tokenizer",
            List.of(
                    article(
                            must(
                                            "14.01",
                                            "whatIsSplitIsPutTogether",
                                            "The ids of a text of words of the vocabulary, put together,"
                                                    + " are that text, but for space around it.")
                                    .because("An answer is a text again.")
                                    .look("decode."),
                            TokenizerRules::comesBack),
                    article(
                            must(
                                            "14.02",
                                            "tokensKnowWhereTheyComeFrom",
                                            "Each token's part of the text lies in the text, and parts"
                                                    + " do not fall from one to the next; there are as many as ids.")
                                    .because("Labels and answers are found by it.")
                                    .look("bytes, code points or UTF-16 units: it is UTF-16 units."),
                            TokenizerRules::offsets),
                    article(
                            must("14.03", "idsAreOfTheVocabulary", "Every id is at least 0 and below size().")
                                    .because("They are rows of a table.")
                                    .look("size(): added tokens count."),
                            TokenizerRules::inVocabulary),
                    article(
                            must(
                                            "14.04",
                                            "tokensAndIdsAgree",
                                            "id and token are each other's inverse for the tokens of a text and"
                                                    + " the special ones.")
                                    .because("Recipes name tokens.")
                                    .look("id(), token(): the vocabulary's own spelling."),
                            TokenizerRules::inverse),
                    article(
                            must(
                                            "14.05",
                                            "specialTokensStandAround",
                                            "With special tokens the ids hold those without, in one" + " piece.")
                                    .because("The text itself is the same.")
                                    .look("encode."),
                            TokenizerRules::around),
                    article(
                            must("14.06", "nothingIsNoToken", "The empty text has no ids.")
                                    .because("There is nothing to learn from.")
                                    .look("a space that is put in front of every text."),
                            TokenizerRules::empty),
                    article(
                            must(
                                            "14.07",
                                            "specialTokensCanBeLeftOut",
                                            "Put together without special tokens, ids with and without"
                                                    + " them give the same text.")
                                    .because("A person reads the answer.")
                                    .look("decode with skipSpecial."),
                            TokenizerRules::leftOut),
                    article(
                            must(
                                            "14.08",
                                            "pairsHaveTypes",
                                            "pairTypes gives 0 or 1 for each id of the pair, and both are there.")
                                    .because("Encoders tell two texts apart by it.")
                                    .look("pairTypes."),
                            TokenizerRules::pairs),
                    article(
                            must(
                                            "14.09",
                                            "threadsDoNotMix",
                                            "Threads that split texts at the same time get what each gets alone.")
                                    .because("Requests come at once.")
                                    .look("buffers that calls share."),
                            TokenizerRules::threads),
                    article(
                            must(
                                            "14.10",
                                            "whatItDoesNotReadItDoesNotSupport",
                                            "An empty directory is not supported, and damaged"
                                                    + " files are refused in one sentence.")
                                    .because("The next plugin may read them; a person has to know the file.")
                                    .look("supports, load."),
                            TokenizerRules::refuses)));

    private TokenizerRules() {}

    private interface OnText {
        void check(Tokenizer tokenizer, String text);
    }

    private static void each(TokenizerTrial trial, OnText check) {
        try (Tokenizer tokenizer = trial.load()) {
            TokenizerTrial.TEXTS.forEach(text -> check.check(tokenizer, text));
        }
    }

    private static void comesBack(TokenizerTrial trial) {
        each(trial, (tokenizer, text) -> {
            int[] ids = tokenizer.encode(text, false).ids();
            Expect.equal(tokenizer.decode(ids, true).strip(), text, "the text of " + Arrays.toString(ids));
        });
    }

    private static void offsets(TokenizerTrial trial) {
        each(trial, (tokenizer, text) -> {
            Tokenizer.Encoding encoding = tokenizer.encode(text, false);
            Expect.equal(encoding.starts().length, encoding.ids().length, "number of starts");
            Expect.equal(encoding.ends().length, encoding.ids().length, "number of ends");
            int before = 0;
            for (int i = 0; i < encoding.ids().length; i++) {
                int start = encoding.starts()[i];
                int end = encoding.ends()[i];
                Expect.that(
                        start >= before && end > start && end <= text.length(),
                        "token " + i + " of '" + text + "' is said to come from " + start + " to " + end);
                before = start;
            }
        });
    }

    private static void inVocabulary(TokenizerTrial trial) {
        each(trial, (tokenizer, text) -> {
            for (int id : tokenizer.encode(text, true).ids()) {
                Expect.that(id >= 0 && id < tokenizer.size(), "id " + id + " of a vocabulary of " + tokenizer.size());
            }
        });
    }

    private static void inverse(TokenizerTrial trial) {
        each(trial, (tokenizer, text) -> {
            IntStream special = ROLES.stream()
                    .flatMap(role -> tokenizer.special(role).stream())
                    .mapToInt(Integer::intValue);
            IntStream.concat(
                            special, Arrays.stream(tokenizer.encode(text, false).ids()))
                    .forEach(id -> Expect.equal(
                            tokenizer.id(tokenizer.token(id)).orElse(-1),
                            id,
                            "the id of '" + tokenizer.token(id) + "'"));
        });
    }

    private static void around(TokenizerTrial trial) {
        each(trial, (tokenizer, text) -> {
            int[] plain = tokenizer.encode(text, false).ids();
            int[] special = tokenizer.encode(text, true).ids();
            boolean inside = IntStream.rangeClosed(0, special.length - plain.length)
                    .anyMatch(from -> Arrays.equals(Arrays.copyOfRange(special, from, from + plain.length), plain));
            Expect.that(
                    inside, Arrays.toString(special) + " with special tokens does not hold " + Arrays.toString(plain));
        });
    }

    private static void empty(TokenizerTrial trial) {
        try (Tokenizer tokenizer = trial.load()) {
            Expect.equal(tokenizer.encode("", false).ids().length, 0, "number of ids of the empty text");
        }
    }

    private static void leftOut(TokenizerTrial trial) {
        each(
                trial,
                (tokenizer, text) -> Expect.equal(
                        tokenizer
                                .decode(tokenizer.encode(text, true).ids(), true)
                                .strip(),
                        tokenizer
                                .decode(tokenizer.encode(text, false).ids(), true)
                                .strip(),
                        "the text without special tokens"));
    }

    private static void pairs(TokenizerTrial trial) {
        try (Tokenizer tokenizer = trial.load()) {
            int[] ids = tokenizer.encode("hello world", "the model").ids();
            int[] types = tokenizer.pairTypes("hello world", "the model");
            Expect.equal(types.length, ids.length, "number of types of a pair");
            Expect.that(
                    Arrays.stream(types).allMatch(type -> type == 0 || type == 1)
                            && Arrays.stream(types).distinct().count() == 2,
                    "types of a pair are " + Arrays.toString(types));
        }
    }

    private static void threads(TokenizerTrial trial) throws Exception {
        try (Tokenizer tokenizer = trial.load()) {
            List<int[]> alone = TokenizerTrial.TEXTS.stream()
                    .map(text -> tokenizer.encode(text, true).ids())
                    .toList();
            Callable<Boolean> work = () -> {
                boolean same = true;
                for (int round = 0; round < 50; round++) {
                    int text = round % alone.size();
                    same &= Arrays.equals(
                            tokenizer
                                    .encode(TokenizerTrial.TEXTS.get(text), true)
                                    .ids(),
                            alone.get(text));
                }
                return same;
            };
            ExecutorService executor = Executors.newFixedThreadPool(THREADS);
            try {
                for (Future<Boolean> same : executor.invokeAll(List.of(work, work, work))) {
                    Expect.that(same.get(), "a thread got other ids beside others than alone");
                }
            } finally {
                executor.shutdown();
            }
        }
    }

    private static void refuses(TokenizerTrial trial) throws Exception {
        Expect.that(!trial.provider().supports(trial.bench().newFolder()), "it supports an empty directory");
        Expect.that(trial.provider().supports(trial.directory()), "it does not support the files it is tried with");
        Path damaged = trial.bench().newFolder();
        for (Path file : files(trial.directory())) {
            byte[] bytes = Files.readAllBytes(file);
            Files.write(damaged.resolve(file.getFileName()), Arrays.copyOf(bytes, bytes.length / 2));
        }
        if (trial.provider().supports(damaged)) {
            Expect.refused(() -> trial.provider().load(damaged).close(), "a directory of files that were cut off");
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
