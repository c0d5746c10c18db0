package dev.graft.tck.mutants;

import dev.graft.spi.tokenizer.Tokenizer;
import dev.graft.spi.tokenizer.Tokenizer.Encoding;
import dev.graft.spi.tokenizer.TokenizerProvider;
import dev.graft.tck.mutants.Twisted.Twist;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A tokenizer plugin with one thing broken, by the number of the rule that has to find it. */
final class TokenizerMutants {
    private TokenizerMutants() {}

    static Map<String, UnaryOperator<TokenizerProvider>> all() {
        Map<String, UnaryOperator<TokenizerProvider>> mutants = new LinkedHashMap<>();
        mutants.put("14.01", tokenizer("decode", (a, real) -> real.call(a) + "!"));
        mutants.put(
                "14.02",
                encoding((made, special) -> new Encoding(
                        made.ids(),
                        made.starts(),
                        Arrays.stream(made.ends()).map(end -> end + 99).toArray())));
        mutants.put("14.03", tokenizer("size", (a, real) -> 3));
        mutants.put("14.04", tokenizer("id", (a, real) -> Optional.of(0)));
        mutants.put("14.05", encoding((made, special) -> special ? reversed(made) : made));
        mutants.put(
                "14.06",
                encoding((made, special) ->
                        made.ids().length == 0 ? new Encoding(new int[1], new int[1], new int[1]) : made));
        mutants.put("14.07", tokenizer("decode", (a, real) -> real.call(a[0], false)));
        mutants.put("14.08", tokenizer("pairTypes", (a, real) -> new int[((int[]) real.call(a)).length]));
        Thread own = Thread.currentThread();
        mutants.put("14.09", encoding((made, special) -> Thread.currentThread() == own ? made : reversed(made)));
        mutants.put("14.10", provider -> Twisted.of(TokenizerProvider.class, provider, "supports", (a, real) -> true));
        return mutants;
    }

    private static Encoding reversed(Encoding made) {
        int[] ids = new int[made.ids().length];
        Arrays.setAll(ids, i -> made.ids()[ids.length - 1 - i]);
        return new Encoding(ids, made.starts(), made.ends());
    }

    private interface Encoded {
        Encoding encoding(Encoding made, boolean special);
    }

    private static UnaryOperator<TokenizerProvider> encoding(Encoded encoded) {
        return tokenizer(
                "encode",
                (a, real) -> a[1] instanceof Boolean special
                        ? encoded.encoding((Encoding) real.call(a), special)
                        : real.call(a));
    }

    private static UnaryOperator<TokenizerProvider> tokenizer(String method, Twist twist) {
        return provider -> Twisted.of(
                TokenizerProvider.class,
                provider,
                "load",
                (a, real) -> Twisted.of(Tokenizer.class, (Tokenizer) real.call(a), method, twist));
    }
}
