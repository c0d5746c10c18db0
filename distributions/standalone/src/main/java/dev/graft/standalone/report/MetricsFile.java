package dev.graft.standalone.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes figures as JSON lines, one object a step, each on disk when its method returns; and reads them again. */
public final class MetricsFile implements AutoCloseable {
    private static final String STEP = "step";

    private final ObjectMapper json = new ObjectMapper();
    private final Writer writer;

    private MetricsFile(Writer writer) {
        this.writer = writer;
    }

    /**
     * Goes on with a file, or starts it.
     *
     * @param lastStep lines of later steps are dropped, and so is a half-written last line: a run that was stopped and
     *     resumed takes those steps again
     */
    public static MetricsFile open(Path file, long lastStep) throws IOException {
        if (Files.exists(file)) {
            List<String> kept = new ArrayList<>();
            for (JsonNode line : read(file)) {
                if (line.path(STEP).asLong() <= lastStep) {
                    kept.add(line.toString());
                }
            }
            Path draft = file.resolveSibling(file.getFileName() + ".tmp");
            Files.write(draft, kept);
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        }
        return new MetricsFile(Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    }

    /** Every complete line of a file. */
    public static List<JsonNode> read(Path file) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            try {
                JsonNode node = json.readTree(line);
                if (node.isObject()) {
                    lines.add(node);
                }
            } catch (JsonProcessingException unfinished) {
                break; // the process was stopped while it wrote this line; nothing comes after it
            }
        }
        return lines;
    }

    /** Writes one line; keys keep the map's order. */
    public void write(Map<String, ?> figures) throws IOException {
        writer.write(json.writeValueAsString(figures));
        writer.write('\n');
        writer.flush();
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
