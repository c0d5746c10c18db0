package dev.graft.kernel.tensor;

import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.tensor.AttentionRules;
import dev.graft.spi.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttentionGradientsTest {
    private static final int QUERIES = 3;
    private static final int KEYS = 4;

    @ParameterizedTest
    @CsvSource({"2,2,false", "2,2,true", "4,2,false", "4,1,true"})
    void groupedHeads(int heads, int keyHeads, boolean causal) {
        arguments(heads, keyHeads)
                .check((tensors, x) -> x[0].attention(x[1], x[2], new AttentionRules(0.6, causal, null, null)));
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void maskedKeysAndAQueryThatSeesNothing(boolean causal) {
        arguments(4, 2).check((tensors, x) -> {
            long[] seen = {1, 1, 0, 1, 0, 0, 0, 0, 1, 0, 1, 1};
            Tensor mask = tensors.of(seen, Shape.of(1, 1, QUERIES, KEYS)).apply(Binary.NE, 0);
            return x[0].attention(x[1], x[2], new AttentionRules(0.5, causal, mask, null));
        });
    }

    @Test
    void aMaskPerSequence() {
        arguments(2, 1).check((tensors, x) -> {
            Tensor mask = tensors.of(new long[] {1, 1, 1, 0, 0, 1, 1, 1}, Shape.of(2, 1, 1, KEYS))
                    .apply(Binary.NE, 0);
            return x[0].attention(x[1], x[2], new AttentionRules(0.5, false, mask, null));
        });
    }

    @ParameterizedTest
    @CsvSource({"2,4,3", "1,4,3", "1,1,1", "2,1,3"})
    void aBiasThatBroadcasts(long batch, long heads, long queries) {
        arguments(4, 2)
                .argument(-1, 1, batch, heads, queries, KEYS)
                .check((tensors, x) -> x[0].attention(x[1], x[2], new AttentionRules(0.5, true, null, x[3])));
    }

    @Test
    void keysThatAreValuesToo() {
        new GradientCheck()
                .argument(-1, 1, 1, 2, 3, 4)
                .check((tensors, x) -> x[0].attention(x[0], x[0], new AttentionRules(0.5, true, null, null)));
    }

    private static GradientCheck arguments(int heads, int keyHeads) {
        return new GradientCheck()
                .argument(-1, 1, 2, heads, QUERIES, 4)
                .argument(-1, 1, 2, keyHeads, KEYS, 4)
                .argument(-1, 1, 2, keyHeads, KEYS, 4);
    }
}
