package dev.graft.kernel.testing;

import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.model.Task;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.EncodeContext;
import dev.graft.spi.tokenizer.Tokenizer;
import dev.graft.spi.tokenizer.Tokenizer.Rendered;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Records of preferences, and what is needed to encode them. */
public final class PreferenceRecords {
    private PreferenceRecords() {}

    /** A record of columns and their values in turn, from line 3 of {@code data.jsonl}. */
    public static DataRecord record(Object... columnsAndValues) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < columnsAndValues.length; i += 2) {
            fields.put((String) columnsAndValues[i], columnsAndValues[i + 1]);
        }
        return new DataRecord(fields, "data.jsonl:3");
    }

    /** Messages of roles and contents in turn. */
    public static List<Map<String, Object>> messages(String... rolesAndContents) {
        List<Map<String, Object>> messages = new ArrayList<>();
        for (int i = 0; i < rolesAndContents.length; i += 2) {
            messages.add(Map.of("role", rolesAndContents[i], "content", rolesAndContents[i + 1]));
        }
        return messages;
    }

    /** A chat template that writes {@code role:content;} for each message, and {@code assistant:} where an answer begins. */
    public static CharacterTokenizer chat() {
        return CharacterTokenizer.with((messages, answer) -> {
            StringBuilder text = new StringBuilder();
            messages.forEach(message -> text.append(message.get("role"))
                    .append(':')
                    .append(message.get("content"))
                    .append(';'));
            return new Rendered(text + (answer ? "assistant:" : ""), List.of());
        });
    }

    /** Encodes with a tokenizer, up to a length. */
    public static EncodeContext context(Tokenizer tokenizer, int maxLength) {
        ModelDescription model =
                new ModelDescription("llama", "LlamaForCausalLM", Task.CAUSAL_LM, 2, 8, 2, 2, 4, 256, 0, 0, -1);
        return new EncodeContext(tokenizer, model, maxLength, List.of());
    }
}
