package dev.graft.starter.bpe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Learns a byte-level vocabulary by byte-pair encoding (Sennrich, Haddow and Birch 2016): the pair of neighbouring tokens that is most
 * frequent becomes a token, again and again. Equally frequent pairs are taken in the order of their ids, so the same text gives the same
 * vocabulary.
 */
public final class BpeTrainer {

    private final Map<String, Integer> wordCounts = new TreeMap<>();

    /** Counts the words of a text; the special tokens must not be in it. */
    public void add(String text) {
        WordSplitter.split(text, word -> wordCounts.merge(word, 1, Integer::sum));
    }

    /**
     * Learns from everything that was added.
     *
     * @param size tokens of the whole vocabulary, the specials and the 256 bytes among them
     * @param specials the special tokens
     * @throws IllegalArgumentException when the size leaves no room for the bytes, or the text has too few pairs to reach it
     */
    public Vocabulary train(int size, List<String> specials) {
        int merges = size - specials.size() - 256;
        if (merges < 0) {
            throw new IllegalArgumentException("a vocabulary of " + size + " has no room for " + specials.size()
                    + " special tokens and 256 bytes");
        }
        return new Run(wordCounts).learn(merges, specials);
    }

    /** Two neighbouring ids in one number, so that the natural order is by left id, then by right id. */
    private static long pair(int left, int right) {
        return ((long) left << 32) | right;
    }

    /** One pass of learning, with the counts that it keeps up to date. */
    private static final class Run {

        private final List<String> tokens = new ArrayList<>();
        private final List<int[]> words = new ArrayList<>();
        private final List<Integer> counts = new ArrayList<>();
        private final Map<Long, Integer> pairCounts = new HashMap<>();
        private final Map<Long, Set<Integer>> wordsOfPair = new HashMap<>();

        Run(Map<String, Integer> wordCounts) {
            for (int value = 0; value < 256; value++) {
                tokens.add(String.valueOf(ByteAlphabet.symbol(value)));
            }
            wordCounts.forEach((word, count) -> {
                words.add(ByteAlphabet.bytes(word));
                counts.add(count);
                countPairs(words.size() - 1, 1);
            });
        }

        Vocabulary learn(int wanted, List<String> specials) {
            List<Vocabulary.Merge> merges = new ArrayList<>();
            while (merges.size() < wanted) {
                long best = mostFrequentPair(merges.size(), wanted);
                int left = (int) (best >> 32);
                int right = (int) best;
                merges.add(new Vocabulary.Merge(tokens.get(left), tokens.get(right)));
                tokens.add(tokens.get(left) + tokens.get(right));
                for (int word : List.copyOf(wordsOfPair.get(best))) {
                    countPairs(word, -1);
                    words.set(word, merged(words.get(word), left, right, tokens.size() - 1));
                    countPairs(word, 1);
                }
            }
            return new Vocabulary(specials, tokens, merges);
        }

        private long mostFrequentPair(int learnt, int wanted) {
            long best = -1;
            int bestCount = 0;
            for (Map.Entry<Long, Integer> entry : pairCounts.entrySet()) {
                int count = entry.getValue();
                if (count > bestCount || (count == bestCount && count > 0 && entry.getKey() < best)) {
                    best = entry.getKey();
                    bestCount = count;
                }
            }
            if (bestCount == 0) {
                throw new IllegalArgumentException(
                        "the text has pairs for " + learnt + " merges only, " + wanted + " are wanted");
            }
            return best;
        }

        private void countPairs(int word, int sign) {
            int[] ids = words.get(word);
            for (int i = 0; i + 1 < ids.length; i++) {
                long pair = pair(ids[i], ids[i + 1]);
                int count = pairCounts.merge(pair, sign * counts.get(word), Integer::sum);
                if (count == 0) {
                    pairCounts.remove(pair);
                }
                if (sign > 0) {
                    wordsOfPair.computeIfAbsent(pair, p -> new HashSet<>()).add(word);
                } else if (wordsOfPair.containsKey(pair)) {
                    wordsOfPair.get(pair).remove(word);
                }
            }
        }

        private static int[] merged(int[] ids, int left, int right, int token) {
            int[] out = new int[ids.length];
            int length = 0;
            for (int i = 0; i < ids.length; i++) {
                boolean match = i + 1 < ids.length && ids[i] == left && ids[i + 1] == right;
                out[length++] = match ? token : ids[i];
                i += match ? 1 : 0;
            }
            return Arrays.copyOf(out, length);
        }
    }
}
