package dev.graft.kernel.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.spi.objective.DataRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Data sets that others published; skipped where they are not at hand. */
class PublishedDataTest {
    private static final Map<String, Set<String>> COLUMNS = Map.of(
            "alpaca", Set.of("prompt", "completion"),
            "text", Set.of("text"),
            "preference", Set.of("prompt", "chosen", "rejected"),
            "messages", Set.of("messages"));

    @ParameterizedTest
    @CsvSource({
        "alpaca/alpaca_en_demo.json, 999, alpaca",
        "alpaca/c4_demo.jsonl, 300, text",
        "alpaca/dpo_en_demo.json, 300, preference",
        "alpaca/kto_en_demo.json, 300, messages",
        "alpaca/identity.json, 91, alpaca",
        "tinyshakespeare/input.txt, 1, text"
    })
    void everyRecordIsReadAndShaped(String name, int count, String format) {
        Path file = data().resolve(name);
        Assumptions.assumeTrue(Files.exists(file), () -> file + " is not there; set GRAFT_REAL");
        RecordShaper shaper = new RecordShaper(null, null, null, null);

        List<DataRecord> records =
                DataFiles.read(file).stream().map(shaper::shape).toList();

        assertThat(records).hasSize(count);
        assertThat(records)
                .allSatisfy(record -> assertThat(record.fields())
                        .containsKeys(COLUMNS.get(format).toArray(new String[0])));
    }

    private static Path data() {
        String real = System.getenv("GRAFT_REAL");
        return (real == null ? Path.of("../../shared/real") : Path.of(real)).resolve("data");
    }
}
