package dev.graft.standalone.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.standalone.Run;
import java.util.ArrayList;
import java.util.List;

/** Reads what a command printed as JSON, one object a line. */
final class Lines {
    private Lines() {}

    static List<JsonNode> of(Run run) {
        if (run.code() != 0) {
            throw new AssertionError("exit code " + run.code() + ": " + run.err());
        }
        List<JsonNode> lines = new ArrayList<>();
        for (String line : run.out().lines().toList()) {
            try {
                lines.add(new ObjectMapper().readTree(line));
            } catch (JsonProcessingException e) {
                throw new AssertionError("no JSON: " + line, e);
            }
        }
        return lines;
    }

    static List<String> texts(Run run) {
        return of(run).stream().map(line -> line.path("text").asText()).toList();
    }
}
