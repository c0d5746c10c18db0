package dev.graft.standalone.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.kernel.train.TrainingEvent;
import dev.graft.standalone.terminal.Console;

/** One JSON object for every event on the output; notes go to the error stream. */
final class JsonReport implements RunReport {
    private final ObjectMapper json = new ObjectMapper();
    private final Console console;

    /** A report on a console. */
    JsonReport(Console console) {
        this.console = console;
    }

    @Override
    public void accept(TrainingEvent event) {
        try {
            console.out().println(json.writeValueAsString(EventTree.of(event)));
            console.out().flush();
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("cannot write " + event + " as JSON", impossible);
        }
    }

    @Override
    public void note(String sentence) {
        console.err().println("graft: " + sentence);
        console.err().flush();
    }

    @Override
    public void end() {}
}
