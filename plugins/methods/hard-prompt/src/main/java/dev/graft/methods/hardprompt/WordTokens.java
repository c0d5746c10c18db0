package dev.graft.methods.hardprompt;

import dev.graft.methods.hardprompt.Verbaliser.Word;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.tokenizer.Tokenizer;
import dev.graft.spi.tokenizer.Tokenizer.Encoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The words of a verbaliser as one tokenizer splits them.
 *
 * @param byWord the tokens of each word
 */
record WordTokens(List<int[]> byWord) {
    private static final String BEFORE = ".";

    /** Copies the list. */
    WordTokens {
        byWord = List.copyOf(byWord);
    }

    /**
     * The tokens of words behind what stands in front of the mask.
     *
     * @param blanks the blanks in front of the mask; null where the text begins with it
     * @param masked whether a word must be one token
     * @throws ConfigurationException if a word is more than that, is unknown, or cannot be told from another label's
     */
    static WordTokens of(Verbaliser verbaliser, Tokenizer tokenizer, String blanks, boolean masked) {
        List<int[]> byWord = new ArrayList<>();
        Map<List<Integer>, Word> owners = new HashMap<>();
        for (Word word : verbaliser.words()) {
            int[] tokens = tokens(word.text(), tokenizer, blanks);
            String described = "the word '" + word.text() + "' of label '"
                    + verbaliser.labels().get(word.label()) + "'";
            checkKnown(described, tokens, tokenizer);
            if (masked && tokens.length > 1) {
                throw new ConfigurationException(described + " is " + tokens.length + " tokens, "
                        + Arrays.stream(tokens).mapToObj(tokenizer::token).toList()
                        + ", where a masked language model fills in one; choose a word that is one token");
            }
            Word other = owners.put(IntStream.of(tokens).boxed().toList(), word);
            if (other != null) {
                throw new ConfigurationException(described + " is the same tokens as '" + other.text() + "' of label '"
                        + verbaliser.labels().get(other.label()) + "', so the model cannot tell them apart");
            }
            byWord.add(tokens);
        }
        return new WordTokens(byWord);
    }

    private static void checkKnown(String described, int[] tokens, Tokenizer tokenizer) {
        int unknown = tokenizer.special("unk_token").orElse(-1);
        if (tokens.length == 0 || Arrays.stream(tokens).anyMatch(token -> token == unknown)) {
            throw new ConfigurationException(described + " is not in the model's vocabulary; choose another word");
        }
    }

    private static int[] tokens(String word, Tokenizer tokenizer, String blanks) {
        String before = blanks == null ? "" : BEFORE + blanks;
        int kept = PromptTokens.withoutSpaces(before).length();
        Encoding encoded = tokenizer.encode(before + word, false);
        return IntStream.range(0, encoded.ids().length)
                .filter(i -> encoded.ends()[i] > kept)
                .map(i -> encoded.ids()[i])
                .toArray();
    }

    /** Number of tokens of the longest word. */
    int longest() {
        return byWord.stream().mapToInt(tokens -> tokens.length).max().orElseThrow();
    }
}
