package dev.graft.methods.prefix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.Runs;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.kernel.testing.Tokens;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PrefixTextTest {
    private static final Offset<Float> ROUNDING = within(3e-5f);

    @Test
    void aPrefixThatBeginsWithATextIsThatText() {
        for (SmallModel small : List.of(SmallModel.llama(), SmallModel.qwen2(), SmallModel.gpt2())) {
            isTheText(small, new int[] {8, 21, 5}, 3, new long[] {8, 21, 5});
            isTheText(small, new int[] {8, 21, 5}, 2, new long[] {8, 21});
            isTheText(small, new int[] {8, 21}, 5, new long[] {8, 21, 8, 21, 8});
        }
    }

    private static void isTheText(SmallModel small, int[] text, int length, long[] prefix) {
        long[] ids = {3, 7, 9, 2};
        long[] both = Arrays.copyOf(prefix, length + ids.length);
        System.arraycopy(ids, 0, both, length, ids.length);
        try (Bench bench = new Bench();
                LoadedModel model = small.random(bench)) {
            AttachedAdapter adapter = attach(model, tokenizer(text), length);
            float[] expected = Runs.logits(bench, model, Tokens.of(both));
            assertThat(Runs.logits(bench, model, Tokens.of(ids), adapter))
                    .containsExactly(
                            Arrays.copyOfRange(expected, length * expected.length / both.length, expected.length),
                            ROUNDING);
            adapter.release();
        }
    }

    @Test
    void aTextThatCannotBeReadIsRefused() {
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.llama().random(bench)) {
            assertThatThrownBy(() -> attach(model, null, 3))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("init_text needs the tokenizer of the base model");
            assertThatThrownBy(() -> attach(model, tokenizer(new int[0]), 3))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("init_text 'a text' has no tokens");
        }
    }

    private static AttachedAdapter attach(LoadedModel model, Tokenizer tokenizer, int length) {
        PrefixConfig config = ConfigurationBinder.bind(
                PrefixConfig.class,
                Map.of("num_virtual_tokens", length, "prefix_projection", false, "init_text", "a text"),
                "methods[0]");
        var setting = new AdapterBuilder.Setting("prefix", RandomStream.seeded(1), DType.FLOAT32, tokenizer, null, "");
        return AdapterBuilder.attach(model, new PrefixProvider(), config, setting);
    }

    private static Tokenizer tokenizer(int[] ids) {
        Tokenizer tokenizer = mock(Tokenizer.class);
        when(tokenizer.encode(anyString(), anyBoolean()))
                .thenReturn(new Tokenizer.Encoding(ids, new int[ids.length], new int[ids.length]));
        return tokenizer;
    }
}
