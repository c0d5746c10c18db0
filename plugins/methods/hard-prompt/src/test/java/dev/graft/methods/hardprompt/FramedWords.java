package dev.graft.methods.hardprompt;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words and marks as tokens, numbered from 1 as they come, between special tokens. */
final class FramedWords implements Tokenizer {
    /** Token in place of trainable ones. */
    static final int SOFT = 27;

    /** Unknown words. */
    static final int UNKNOWN = 28;

    /** Begins a text. */
    static final int BEGIN = 29;

    /** Ends a text. */
    static final int END = 30;

    /** The mask. */
    static final int MASK = 31;

    private static final Map<Integer, String> SPECIAL =
            Map.of(0, "[P]", SOFT, "[S]", UNKNOWN, "[U]", BEGIN, "[B]", END, "[E]", MASK, "[M]");
    private static final Pattern TOKEN = Pattern.compile("\\w+|[^\\w\\s]");
    private final List<String> vocabulary = new ArrayList<>();
    private final boolean masks;

    FramedWords(boolean masks) {
        this.masks = masks;
    }

    @Override
    public Encoding encode(String text, boolean special) {
        List<int[]> tokens = new ArrayList<>();
        if (special) {
            tokens.add(new int[] {BEGIN, 0, 0});
        }
        Matcher matcher = TOKEN.matcher(text);
        while (matcher.find()) {
            tokens.add(new int[] {number(matcher.group()), matcher.start(), matcher.end()});
        }
        if (special) {
            tokens.add(new int[] {END, text.length(), text.length()});
        }
        return new Encoding(column(tokens, 0), column(tokens, 1), column(tokens, 2));
    }

    private int number(String word) {
        if (word.equals("unheard")) {
            return UNKNOWN;
        }
        if (!vocabulary.contains(word)) {
            vocabulary.add(word);
        }
        int number = vocabulary.indexOf(word) + 1;
        if (number >= SOFT) {
            throw new IllegalStateException("the small vocabulary is full");
        }
        return number;
    }

    private static int[] column(List<int[]> tokens, int column) {
        return tokens.stream().mapToInt(token -> token[column]).toArray();
    }

    @Override
    public String token(int id) {
        return SPECIAL.containsKey(id) ? SPECIAL.get(id) : vocabulary.get(id - 1);
    }

    @Override
    public Encoding encode(String first, String second) {
        return encode(first + " " + second, true);
    }

    @Override
    public int[] pairTypes(String first, String second) {
        return new int[encode(first, second).ids().length];
    }

    @Override
    public String decode(int[] ids, boolean skipSpecial) {
        List<String> words = new ArrayList<>();
        for (int id : ids) {
            words.add(token(id));
        }
        return String.join(" ", words);
    }

    @Override
    public int size() {
        return MASK + 1;
    }

    @Override
    public Optional<Integer> id(String token) {
        return SPECIAL.entrySet().stream()
                .filter(entry -> entry.getValue().equals(token))
                .map(Map.Entry::getKey)
                .findFirst()
                .or(() -> Optional.of(vocabulary.indexOf(token) + 1).filter(id -> id > 0));
    }

    @Override
    public Optional<Integer> special(String role) {
        return switch (role) {
            case "mask_token" -> masks ? Optional.of(MASK) : Optional.empty();
            case "unk_token" -> Optional.of(UNKNOWN);
            case "pad_token" -> Optional.of(0);
            default -> Optional.empty();
        };
    }

    @Override
    public boolean hasChatTemplate() {
        return false;
    }

    @Override
    public Rendered render(
            List<Map<String, Object>> messages, boolean generationPrompt, Map<String, Object> variables) {
        throw new ConfigurationException("there is no chat template");
    }

    @Override
    public void close() {}
}
