package dev.graft.methods.ppt;

import dev.graft.kernel.testing.SmallModel;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words and marks as tokens, numbered as they come, over a small vocabulary. */
final class WordTokenizer implements Tokenizer {
    private static final Pattern TOKEN = Pattern.compile("\\w+|[^\\w\\s]");
    private final List<String> vocabulary = new ArrayList<>();

    @Override
    public Encoding encode(String text, boolean special) {
        List<int[]> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text);
        while (matcher.find()) {
            tokens.add(new int[] {number(matcher.group()), matcher.start(), matcher.end()});
        }
        return new Encoding(column(tokens, 0), column(tokens, 1), column(tokens, 2));
    }

    private int number(String word) {
        if (!vocabulary.contains(word)) {
            vocabulary.add(word);
        }
        return vocabulary.indexOf(word) % SmallModel.VOCABULARY;
    }

    private static int[] column(List<int[]> tokens, int column) {
        return tokens.stream().mapToInt(token -> token[column]).toArray();
    }

    @Override
    public String token(int id) {
        return vocabulary.get(id);
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
        return SmallModel.VOCABULARY;
    }

    @Override
    public Optional<Integer> id(String token) {
        return Optional.of(vocabulary.indexOf(token)).filter(id -> id >= 0);
    }

    @Override
    public Optional<Integer> special(String role) {
        return Optional.empty();
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
