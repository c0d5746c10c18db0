package dev.graft.methods.hardprompt;

import dev.graft.methods.hardprompt.Piece.Span;
import dev.graft.spi.tokenizer.Tokenizer;
import dev.graft.spi.tokenizer.Tokenizer.Encoding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tokens of a prompt. Text between places is split by itself, as tokenizers do around their special tokens; spaces
 * in front of a place belong to it.
 */
final class PromptTokens {
    private static final int FIXED = -1;

    /**
     * A token.
     *
     * @param id its id
     * @param column number of the column's value it belongs to, or -1 for what may not be cut
     * @param mask whether it is the mask
     */
    private record Token(int id, int column, boolean mask) {}

    private final List<Token> tokens = new ArrayList<>();
    private final boolean masked;

    private PromptTokens(boolean masked) {
        this.masked = masked;
    }

    /**
     * The tokens of pieces.
     *
     * @param mask id of the mask of a masked model; -1 for a causal one, of which the mask is what comes next
     * @param soft id of the token in place of trainable ones
     */
    static PromptTokens of(List<Piece> pieces, Tokenizer tokenizer, int mask, int soft) {
        PromptTokens made = new PromptTokens(mask >= 0);
        Encoding frame = tokenizer.encode("a", true);
        int first = 0;
        while (first < frame.ids().length && frame.starts()[first] == frame.ends()[first]) {
            made.add(frame.ids()[first++]);
        }
        int column = 0;
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            switch (piece.kind()) {
                case TEXT -> {
                    boolean last = i == pieces.size() - 1;
                    String text = last ? piece.text() : withoutSpaces(piece.text());
                    made.addText(tokenizer.encode(text, false), piece.columns(), column);
                    column += piece.columns().size();
                }
                case MASK -> made.addMask(mask);
                case SOFT -> made.addSoft(soft, SoftTokens.count(piece.text(), tokenizer));
            }
        }
        for (int i = first + 1; made.masked && i < frame.ids().length; i++) {
            if (frame.starts()[i] == frame.ends()[i]) {
                made.add(frame.ids()[i]);
            }
        }
        return made;
    }

    /** A text without the spaces at its end; other blanks stay. */
    static String withoutSpaces(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(0, end);
    }

    private void add(int id) {
        tokens.add(new Token(id, FIXED, false));
    }

    private void addMask(int mask) {
        if (masked) {
            tokens.add(new Token(mask, FIXED, true));
        }
    }

    private void addSoft(int soft, int count) {
        for (int i = 0; i < count; i++) {
            add(soft);
        }
    }

    private void addText(Encoding encoding, List<Span> columns, int firstColumn) {
        for (int i = 0; i < encoding.ids().length; i++) {
            int column = FIXED;
            for (int c = 0; c < columns.size(); c++) {
                boolean within = encoding.starts()[i] >= columns.get(c).start()
                        && encoding.ends()[i] <= columns.get(c).end();
                column = within ? firstColumn + c : column;
            }
            tokens.add(new Token(encoding.ids()[i], column, false));
        }
    }

    /** Number of tokens. */
    int length() {
        return tokens.size();
    }

    /** Takes tokens from the end of the longest value of a column until so many are left, or nothing can be cut. */
    void cut(int length) {
        Map<Integer, Integer> counts = new HashMap<>();
        tokens.forEach(token -> counts.merge(token.column(), 1, Integer::sum));
        counts.remove(FIXED);
        while (tokens.size() > length && !counts.isEmpty()) {
            int longest = counts.entrySet().stream()
                    .max(Map.Entry.<Integer, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                    .orElseThrow()
                    .getKey();
            int at = tokens.size() - 1;
            while (tokens.get(at).column() != longest) {
                at--;
            }
            tokens.remove(at);
            counts.computeIfPresent(longest, (column, left) -> left == 1 ? null : left - 1);
        }
    }

    /** Token ids. */
    int[] ids() {
        return tokens.stream().mapToInt(Token::id).toArray();
    }

    /** Index of the token whose output is over the label word; -1 where there is none. */
    int place() {
        for (int i = 0; masked && i < tokens.size(); i++) {
            if (tokens.get(i).mask()) {
                return i;
            }
        }
        return masked ? -1 : tokens.size() - 1;
    }
}
