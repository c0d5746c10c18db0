package dev.graft.objectives.causallm;

import dev.graft.kernel.testing.CharacterTokenizer;
import dev.graft.objectives.causallm.CausalLmConfig.ChatUse;
import dev.graft.objectives.causallm.CausalLmConfig.TrainOn;
import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.model.Task;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.EncodeContext;
import dev.graft.spi.objective.Example;
import dev.graft.spi.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Configurations, records, and what becomes of them. */
final class Encodings {
    static final CausalLmConfig DEFAULTS = new CausalLmConfig(null, null, ChatUse.AUTO, true, null);

    private Encodings() {}

    static CausalLmConfig trainOn(TrainOn trainOn) {
        return new CausalLmConfig(trainOn, null, ChatUse.AUTO, true, null);
    }

    static CausalLmConfig chat(ChatUse chat) {
        return new CausalLmConfig(null, null, chat, true, null);
    }

    static CausalLmConfig template(String template) {
        return new CausalLmConfig(null, template, ChatUse.AUTO, true, null);
    }

    /** A record of columns and their values in turn, from line 3 of {@code data.jsonl}. */
    static DataRecord record(Object... columnsAndValues) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < columnsAndValues.length; i += 2) {
            fields.put((String) columnsAndValues[i], columnsAndValues[i + 1]);
        }
        return new DataRecord(fields, "data.jsonl:3");
    }

    /** A conversation of roles and contents in turn. */
    static DataRecord conversation(String... rolesAndContents) {
        List<Map<String, Object>> messages = new ArrayList<>();
        for (int i = 0; i < rolesAndContents.length; i += 2) {
            messages.add(Map.of("role", rolesAndContents[i], "content", rolesAndContents[i + 1]));
        }
        return record("messages", messages);
    }

    static Optional<Example> encode(CausalLmConfig config, Tokenizer tokenizer, DataRecord record) {
        ModelDescription model =
                new ModelDescription("llama", "LlamaForCausalLM", Task.CAUSAL_LM, 2, 8, 2, 2, 4, 128, 0, 0, -1);
        return new CausalLm(config).encode(record, new EncodeContext(tokenizer, model, 4, List.of()));
    }

    /** What the model reads. */
    static String read(CausalLmConfig config, CharacterTokenizer tokenizer, DataRecord record) {
        int[] ids = encode(config, tokenizer, record)
                .orElseThrow()
                .sequences()
                .get(0)
                .ids();
        return tokenizer.decode(ids, false);
    }

    /** What of it is learned. */
    static String learned(CausalLmConfig config, CharacterTokenizer tokenizer, DataRecord record) {
        return tokenizer.learned(encode(config, tokenizer, record)
                .orElseThrow()
                .sequences()
                .get(0)
                .labels());
    }
}
