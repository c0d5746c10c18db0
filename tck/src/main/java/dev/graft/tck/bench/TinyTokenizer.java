package dev.graft.tck.bench;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One token per letter, for the vocabulary of the tiny models: special tokens, then {@code a} to {@code z}, then the rest. */
public final class TinyTokenizer implements Tokenizer {
    private static final List<String> SPECIAL = List.of("<pad>", "<s>", "</s>", "<unk>", "<mask>");
    private static final Map<String, Integer> ROLES = Map.of(
            "pad_token",
            0,
            "bos_token",
            1,
            "eos_token",
            2,
            "unk_token",
            3,
            "mask_token",
            4,
            "cls_token",
            1,
            "sep_token",
            2);
    private static final int LETTERS = SPECIAL.size();
    private static final int SPACE = TinyModel.VOCABULARY - 1;

    private final boolean blanks;

    /** A tokenizer with a token for a space. */
    public TinyTokenizer() {
        this(true);
    }

    private TinyTokenizer(boolean blanks) {
        this.blanks = blanks;
    }

    /** A tokenizer that has no token for the spaces of a text, so that a word behind one begins with its first letter. */
    public static TinyTokenizer withoutBlanks() {
        return new TinyTokenizer(false);
    }

    @Override
    public Encoding encode(String text, boolean special) {
        List<int[]> tokens = new ArrayList<>();
        if (special) {
            tokens.add(new int[] {1, 0, 0});
        }
        add(tokens, text);
        if (special) {
            tokens.add(new int[] {2, text.length(), text.length()});
        }
        return encoding(tokens);
    }

    @Override
    public Encoding encode(String first, String second) {
        List<int[]> tokens = new ArrayList<>();
        tokens.add(new int[] {1, 0, 0});
        add(tokens, first);
        tokens.add(new int[] {2, 0, 0});
        add(tokens, second);
        tokens.add(new int[] {2, 0, 0});
        return encoding(tokens);
    }

    @Override
    public int[] pairTypes(String first, String second) {
        int[] types = new int[encode(first, second).ids().length];
        Arrays.fill(types, encode(first, true).ids().length, types.length, 1);
        return types;
    }

    private void add(List<int[]> tokens, String text) {
        for (int at = 0; at < text.length(); at++) {
            if (blanks || text.charAt(at) != ' ') {
                tokens.add(new int[] {id(text.charAt(at)), at, at + 1});
            }
        }
    }

    private static int id(char letter) {
        return letter == ' ' ? SPACE : letter >= 'a' && letter <= 'z' ? LETTERS + letter - 'a' : 3;
    }

    private static Encoding encoding(List<int[]> tokens) {
        return new Encoding(column(tokens, 0), column(tokens, 1), column(tokens, 2));
    }

    private static int[] column(List<int[]> rows, int column) {
        return rows.stream().mapToInt(row -> row[column]).toArray();
    }

    @Override
    public String decode(int[] ids, boolean skipSpecial) {
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            if (!skipSpecial || id >= LETTERS) {
                text.append(token(id));
            }
        }
        return text.toString();
    }

    @Override
    public int size() {
        return TinyModel.VOCABULARY;
    }

    @Override
    public String token(int id) {
        return id < LETTERS ? SPECIAL.get(id) : id == SPACE ? " " : String.valueOf((char) ('a' + id - LETTERS));
    }

    @Override
    public Optional<Integer> id(String token) {
        for (int id = 0; id < TinyModel.VOCABULARY; id++) {
            if (token(id).equals(token)) {
                return Optional.of(id);
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<Integer> special(String role) {
        return Optional.ofNullable(ROLES.get(role));
    }

    @Override
    public boolean hasChatTemplate() {
        return false;
    }

    @Override
    public Rendered render(
            List<Map<String, Object>> messages, boolean generationPrompt, Map<String, Object> variables) {
        throw new ConfigurationException("this tokenizer has no chat template");
    }

    @Override
    public void close() {}
}
