package dev.graft.methods.hardprompt;

import dev.graft.methods.hardprompt.Piece.Span;
import dev.graft.spi.objective.DataRecord;
import java.util.ArrayList;
import java.util.List;

/** Writes the prompt of a record: demonstrations answered, the question open. */
final class PromptWriter {
    private final Template template;
    private final Template demonstration;
    private final String separator;
    private final String reasoning;
    private final LabelColumn label;
    private final Verbaliser verbaliser;

    /**
     * A writer.
     *
     * @param template of the question
     * @param demonstration template of a demonstration
     * @param separator what follows each demonstration
     * @param reasoning column of a demonstration's reasoning
     */
    PromptWriter(
            Template template,
            Template demonstration,
            String separator,
            String reasoning,
            LabelColumn label,
            Verbaliser verbaliser) {
        this.template = template;
        this.demonstration = demonstration;
        this.separator = separator;
        this.reasoning = reasoning;
        this.label = label;
        this.verbaliser = verbaliser;
    }

    /**
     * The prompt.
     *
     * @throws dev.graft.spi.config.ConfigurationException if a record lacks a column
     */
    List<Piece> write(DataRecord record, List<DataRecord> demonstrations) {
        Page page = new Page();
        for (Part part : template.parts()) {
            switch (part.kind()) {
                case LITERAL -> page.text.append(part.text());
                case COLUMN -> page.column(value(record, part.text()));
                case MASK -> page.place(Piece.Kind.MASK, "");
                case SOFT -> page.place(Piece.Kind.SOFT, part.text());
                case DEMONSTRATIONS -> demonstrations.forEach(shown -> write(page, shown));
                case REASONING -> {
                    // The question has none: it is for the model to find.
                }
            }
        }
        return page.finished();
    }

    private void write(Page page, DataRecord shown) {
        for (Part part : demonstration.parts()) {
            switch (part.kind()) {
                case LITERAL -> page.text.append(part.text());
                case COLUMN -> page.text.append(value(shown, part.text()));
                case MASK -> page.text.append(verbaliser.answer(label.of(shown)));
                case SOFT -> page.place(Piece.Kind.SOFT, part.text());
                case REASONING -> page.text.append(value(shown, reasoning));
                case DEMONSTRATIONS -> throw new IllegalStateException("a demonstration cannot hold demonstrations");
            }
        }
        page.text.append(separator);
    }

    private static String value(DataRecord record, String column) {
        Object value = record.fields().get(column);
        return value instanceof Number || value instanceof Boolean ? value.toString() : record.require(column);
    }

    /** Pieces while they are written. */
    private static final class Page {
        private final List<Piece> pieces = new ArrayList<>();
        private final List<Span> columns = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();

        void column(String value) {
            columns.add(new Span(text.length(), text.length() + value.length()));
            text.append(value);
        }

        void place(Piece.Kind kind, String initial) {
            flush();
            pieces.add(Piece.place(kind, initial));
        }

        List<Piece> finished() {
            flush();
            return pieces;
        }

        private void flush() {
            if (!text.isEmpty()) {
                pieces.add(new Piece(Piece.Kind.TEXT, text.toString(), columns));
                text.setLength(0);
                columns.clear();
            }
        }
    }
}
