package dev.graft.starter.grammar;

import java.util.Locale;
import java.util.Set;

/** English spelling that depends on the neighbouring word. */
final class Words {

    /** Beginnings that are spelt with a vowel and spoken with a consonant. */
    private static final Set<String> SPOKEN_WITH_A_CONSONANT = Set.of("one", "once", "uni", "use", "usu");

    /** Beginnings whose h is silent. */
    private static final Set<String> SPOKEN_WITH_A_VOWEL = Set.of("hou", "hon");

    private Words() {}

    /** The phrase with {@code a} or {@code an} in front, by sound. */
    static String withArticle(String phrase) {
        String lower = phrase.toLowerCase(Locale.ROOT);
        String start = lower.substring(0, Math.min(3, lower.length()));
        boolean vowel = !lower.isEmpty() && "aeiou".indexOf(lower.charAt(0)) >= 0;
        if (SPOKEN_WITH_A_CONSONANT.contains(start)) {
            vowel = false;
        } else if (SPOKEN_WITH_A_VOWEL.contains(start) && !lower.startsWith("house") && !lower.startsWith("honey")) {
            vowel = true;
        }
        return (vowel ? "an " : "a ") + phrase;
    }

    /** The phrase with its first letter as a capital; an opening quotation mark is passed over. */
    static String capitalised(String phrase) {
        int first = phrase.startsWith("\"") ? 1 : 0;
        if (first >= phrase.length()) {
            return phrase;
        }
        return phrase.substring(0, first) + Character.toUpperCase(phrase.charAt(first)) + phrase.substring(first + 1);
    }
}
