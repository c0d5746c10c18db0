package dev.graft.starter.bpe;

import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits text into the pieces that merges never cross, as the {@code ByteLevel} pre-tokenizer does: words with their space in front. */
final class WordSplitter {

    private static final Pattern WORD = Pattern.compile(
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
            Pattern.UNICODE_CHARACTER_CLASS);

    private WordSplitter() {}

    /** Hands every piece of the text to the sink, in order; together they are the text. */
    static void split(String text, Consumer<String> sink) {
        Matcher matcher = WORD.matcher(text);
        while (matcher.find()) {
            sink.accept(matcher.group());
        }
    }
}
