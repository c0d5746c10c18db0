package dev.graft.methods.hardprompt;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.model.Task;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.EncodeContext;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.tokenizer.Tokenizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Objectives, records and mistakes of the tests. */
final class Examples {
    private Examples() {}

    static Map<String, Object> keys(String template, Object... more) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("template", template);
        keys.put("verbalizer", Map.of("joy", List.of("good", "great"), "anger", List.of("bad")));
        for (int i = 0; i < more.length; i += 2) {
            keys.put((String) more[i], more[i + 1]);
        }
        return keys;
    }

    static Objective objective(Map<String, Object> keys) {
        return new HardPromptObjectiveProvider()
                .create(ConfigurationBinder.bind(HardPromptObjectiveConfig.class, keys, "objective"));
    }

    static DataRecord record(int line, String... fields) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            map.put(fields[i], fields[i + 1]);
        }
        return new DataRecord(map, "data.jsonl:" + line);
    }

    static EncodeContext context(Tokenizer tokenizer, int maxLength) {
        ModelDescription model = new ModelDescription(
                "llama", "LlamaForCausalLM", Task.CAUSAL_LM, 3, 16, 4, 2, 4, SmallModel.VOCABULARY, 64, 0, 0);
        return new EncodeContext(tokenizer, model, maxLength, List.of());
    }

    static void assertRefused(ThrowingCallable action, String message) {
        assertThatThrownBy(action)
                .isInstanceOf(ConfigurationException.class)
                .message()
                .contains(message)
                .doesNotContain("\n");
    }
}
