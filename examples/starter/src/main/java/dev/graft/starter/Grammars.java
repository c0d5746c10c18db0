package dev.graft.starter;

import dev.graft.starter.grammar.Grammar;
import dev.graft.starter.grammar.GrammarReader;
import java.util.ArrayList;
import java.util.List;

/** The grammars that lie beside this class as resources. */
final class Grammars {

    private static final List<String> PLAIN_ENGLISH =
            List.of("lexicon.grammar", "stories.grammar", "descriptions.grammar", "everyday.grammar");

    private Grammars() {}

    /** The language of the pretraining corpus. */
    static Grammar plainEnglish() {
        return GrammarReader.read(Grammars.class, PLAIN_ENGLISH);
    }

    /** Requests to a house. */
    static Grammar commands() {
        return GrammarReader.read(Grammars.class, List.of("commands.grammar"));
    }

    /** Short texts with a feeling in them. */
    static Grammar feelings() {
        return with("feelings.grammar");
    }

    /** Conversations with a helper. */
    static Grammar chat() {
        return with("chat.grammar");
    }

    /** Letters from a voyage. */
    static Grammar letters() {
        return with("letters.grammar");
    }

    /** A further grammar that uses the words of plain English. */
    private static Grammar with(String resource) {
        List<String> resources = new ArrayList<>(PLAIN_ENGLISH);
        resources.add(resource);
        return GrammarReader.read(Grammars.class, resources);
    }
}
