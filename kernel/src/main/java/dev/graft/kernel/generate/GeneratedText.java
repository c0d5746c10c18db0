package dev.graft.kernel.generate;

import dev.graft.spi.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.List;

/**
 * Turns the tokens of one row into text as they come. Decoding looks at a few tokens before the new ones, because
 * tokenizers treat the start of a text specially. Text that may still change, because a character is incomplete or a
 * stop string may be under way, is held back.
 */
final class GeneratedText {
    private static final int CONTEXT = 4;
    private static final char INCOMPLETE = '\uFFFD';

    private final Tokenizer tokenizer;
    private final List<String> stopStrings;
    private final StringBuilder text = new StringBuilder();
    private int[] ids;
    private int count;
    private int contextStart;
    private int decodedTo;
    private int told;
    private boolean stopped;

    /**
     * An empty text.
     *
     * @param tokenizer null for no text at all
     */
    GeneratedText(Tokenizer tokenizer, int[] prompt, List<String> stopStrings) {
        this.tokenizer = tokenizer;
        this.stopStrings = stopStrings;
        int context = Math.min(CONTEXT, prompt.length);
        ids = Arrays.copyOf(Arrays.copyOfRange(prompt, prompt.length - context, prompt.length), context + 16);
        count = context;
        decodedTo = context;
    }

    /**
     * Adds a token.
     *
     * @return the text that became certain
     */
    String add(int id) {
        if (tokenizer == null) {
            return "";
        }
        if (count == ids.length) {
            ids = Arrays.copyOf(ids, 2 * count);
        }
        ids[count++] = id;
        String all = pending();
        if (all.isEmpty() || all.charAt(all.length() - 1) == INCOMPLETE) {
            return "";
        }
        contextStart = decodedTo;
        decodedTo = count;
        return append(all);
    }

    /** What was held back, once no token follows. */
    String finish() {
        if (tokenizer == null || stopped) {
            return "";
        }
        String last = append(decodedTo < count ? pending() : "");
        if (stopped) {
            return last;
        }
        String held = text.substring(told);
        told = text.length();
        return last + held;
    }

    /** Whether a stop string appeared; the text ends before it. */
    boolean stopped() {
        return stopped;
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private String pending() {
        String before = decode(contextStart, decodedTo);
        String after = decode(contextStart, count);
        return after.length() > before.length() ? after.substring(before.length()) : "";
    }

    private String decode(int from, int to) {
        return tokenizer.decode(Arrays.copyOfRange(ids, from, to), true);
    }

    private String append(String added) {
        int searchFrom = Math.max(told, text.length() - longestStop());
        text.append(added);
        int end = firstStop(searchFrom);
        if (end >= 0) {
            text.setLength(end);
            stopped = true;
        }
        int certain = stopped ? text.length() : text.length() - possibleStop();
        String tell = text.substring(told, Math.max(told, certain));
        told = Math.max(told, certain);
        return tell;
    }

    private int longestStop() {
        return stopStrings.stream().mapToInt(String::length).max().orElse(0);
    }

    private int firstStop(int from) {
        return stopStrings.stream()
                .mapToInt(stop -> text.indexOf(stop, from))
                .filter(at -> at >= 0)
                .min()
                .orElse(-1);
    }

    /** Length of the longest end of the text that begins a stop string. */
    private int possibleStop() {
        int longest = 0;
        for (String stop : stopStrings) {
            for (int length = Math.min(stop.length() - 1, text.length()); length > longest; length--) {
                if (text.lastIndexOf(stop.substring(0, length)) == text.length() - length) {
                    longest = length;
                }
            }
        }
        return longest;
    }
}
