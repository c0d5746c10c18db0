package dev.graft.methods.hardprompt;

import dev.graft.methods.hardprompt.Part.Kind;
import dev.graft.spi.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/** The trainable tokens of a template. */
final class SoftTokens {
    private SoftTokens() {}

    /** How many tokens a place is: one, or as many as the text has that they begin from. */
    static int count(String initial, Tokenizer tokenizer) {
        return initial.isEmpty() ? 1 : tokenizer.encode(initial, false).ids().length;
    }

    /** The token each begins from, in order; -1 for those that begin at random. */
    static int[] initial(Template template, Tokenizer tokenizer) {
        List<Integer> ids = new ArrayList<>();
        for (Part part : template.all(Kind.SOFT)) {
            if (part.text().isEmpty()) {
                ids.add(-1);
            } else {
                for (int id : tokenizer.encode(part.text(), false).ids()) {
                    ids.add(id);
                }
            }
        }
        return ids.stream().mapToInt(id -> id).toArray();
    }
}
