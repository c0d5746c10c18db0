package dev.graft.kernel.testing;

import dev.graft.spi.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One token per code point, under its own number; 1 begins a sequence and 2, which a text may spell {@code $}, ends it.
 */
public final class CharacterTokenizer implements Tokenizer {
    /** The token that begins a sequence. */
    public static final int BEGIN = 1;
    /** The token that ends a sequence. */
    public static final int END = 2;

    /** Renders messages, with or without the start of an answer. */
    public interface ChatTemplate extends BiFunction<List<Map<String, Object>>, Boolean, Rendered> {}

    private final ChatTemplate template;
    private final boolean hasEnd;
    private final int mask;

    private CharacterTokenizer(ChatTemplate template, boolean hasEnd, int mask) {
        this.template = template;
        this.hasEnd = hasEnd;
        this.mask = mask;
    }

    /** Without a chat template. */
    public static CharacterTokenizer plain() {
        return new CharacterTokenizer(null, true, -1);
    }

    /** Without a chat template and without a token that ends a sequence. */
    public static CharacterTokenizer withoutEnd() {
        return new CharacterTokenizer(null, false, -1);
    }

    /** With a chat template. */
    public static CharacterTokenizer with(ChatTemplate template) {
        return new CharacterTokenizer(template, true, -1);
    }

    /** The same with a character that stands for what is hidden. */
    public CharacterTokenizer masking(char character) {
        return new CharacterTokenizer(template, hasEnd, character);
    }

    @Override
    public Encoding encode(String text, boolean special) {
        List<int[]> tokens = new ArrayList<>();
        if (special) {
            tokens.add(new int[] {BEGIN, 0, 0});
        }
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            int point = text.codePointAt(at);
            tokens.add(new int[] {point == '$' ? END : point, at, at + Character.charCount(point)});
        }
        return new Encoding(column(tokens, 0), column(tokens, 1), column(tokens, 2));
    }

    private static int[] column(List<int[]> rows, int column) {
        return rows.stream().mapToInt(row -> row[column]).toArray();
    }

    @Override
    public String decode(int[] ids, boolean skipSpecial) {
        return Arrays.stream(ids).mapToObj(this::token).collect(Collectors.joining());
    }

    @Override
    public String token(int id) {
        return switch (id) {
            case BEGIN -> "^";
            case END -> "$";
            default -> Character.toString(id);
        };
    }

    /** The tokens with a label, in order. */
    public String learned(int[] labels) {
        return decode(IntStream.of(labels).filter(label -> label != -100).toArray(), false);
    }

    @Override
    public Optional<Integer> special(String role) {
        if (role.equals("mask_token") && mask >= 0) {
            return Optional.of(mask);
        }
        return hasEnd && role.equals("eos_token") ? Optional.of(END) : Optional.empty();
    }

    @Override
    public boolean hasChatTemplate() {
        return template != null;
    }

    @Override
    public Rendered render(
            List<Map<String, Object>> messages, boolean generationPrompt, Map<String, Object> variables) {
        return template.apply(messages, generationPrompt);
    }

    @Override
    public int size() {
        return Character.MAX_CODE_POINT + 1;
    }

    @Override
    public Optional<Integer> id(String token) {
        return Optional.of(token.codePointAt(0));
    }

    @Override
    public Encoding encode(String first, String second) {
        throw new UnsupportedOperationException("this tokenizer has no pairs");
    }

    @Override
    public int[] pairTypes(String first, String second) {
        throw new UnsupportedOperationException("this tokenizer has no pairs");
    }

    @Override
    public void close() {}
}
