package dev.graft.standalone.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1000, 500_000_000), ZoneOffset.UTC);

    @TempDir
    Path directory;

    /** The bytes that TensorBoard 2.21's own record writer gives for the same three events. */
    @Test
    void aFileIsByteForByteWhatTensorBoardWrites() throws IOException {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("train/loss", 2.25);
        figures.put("train/lr", 1e-4);

        try (EventFile events = EventFile.create(directory, CLOCK, 300)) {
            events.scalars(301, figures);
        }

        assertThat(HexFormat.of().formatHex(Files.readAllBytes(onlyFile())))
                .isEqualTo("1800000000000000a37f4b22090000000000448f401a0d627261696e2e4576656e743a32aba33345"
                        + "100000000000000095fbfe18090000000000448f4010ac023a020801e1133350"
                        + "3200000000000000241956ec090000000000448f4010ad022a240a110a0a747261696e2f6c6f7373"
                        + "15000010400a0f0a08747261696e2f6c721517b7d1388e5d9192");
    }

    @Test
    void theNameIsOneThatTensorBoardLooksFor() throws IOException {
        EventFile.create(directory, CLOCK, 0).close();

        assertThat(onlyFile().getFileName().toString()).startsWith("events.out.tfevents.1000.");
    }

    /** CRC-32C of "123456789" is e3069283; masked by the published formula. */
    @Test
    void checksumsAreMaskedAsTensorFlowMasksThem() {
        int checksum = 0xe3069283;

        assertThat(EventFile.maskedChecksum("123456789".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(((checksum >>> 15) | (checksum << 17)) + 0xa282ead8);
    }

    private Path onlyFile() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> found = files.toList();
            assertThat(found).hasSize(1);
            return found.get(0);
        }
    }
}
