package dev.graft.spi.objective;

import dev.graft.spi.config.ConfigurationException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a system message, a prompt and its completion become one text. */
public final class PromptTemplate {
    /**
     * A text with its places filled.
     *
     * @param text the text
     * @param completion index in {@code text} at which the completion begins
     */
    public record Filled(String text, int completion) {}

    private static final Pattern PLACE = Pattern.compile("\\{(system|prompt|completion)}");
    private static final String SYSTEM = "{system}";
    private static final String PROMPT = "{prompt}";
    private static final String COMPLETION = "{completion}";

    /** Literal text and places in turn; null for paragraphs. */
    private final List<String> parts;

    private PromptTemplate(List<String> parts) {
        this.parts = parts;
    }

    /**
     * The default: the system message with an empty line behind it, the prompt, a new line, the completion. Nothing is
     * put between prompt and completion where white space of their own parts them.
     */
    public static PromptTemplate paragraphs() {
        return new PromptTemplate(null);
    }

    /**
     * A template with places for {@code {prompt}}, {@code {completion}} and perhaps {@code {system}}.
     *
     * @param template the text with its places
     * @param owner id of the plugin it was given to, for the message
     * @throws ConfigurationException if prompt or completion is missing, repeated, or in the wrong order
     */
    public static PromptTemplate parse(String template, String owner) {
        List<String> parts = new ArrayList<>();
        Matcher matcher = PLACE.matcher(template);
        int at = 0;
        while (matcher.find()) {
            parts.add(template.substring(at, matcher.start()));
            parts.add(matcher.group());
            at = matcher.end();
        }
        parts.add(template.substring(at));
        int prompt = parts.indexOf(PROMPT);
        int completion = parts.indexOf(COMPLETION);
        boolean once = List.of(SYSTEM, PROMPT, COMPLETION).stream()
                .allMatch(place -> parts.indexOf(place) == parts.lastIndexOf(place));
        if (!once || prompt < 0 || completion < prompt || parts.indexOf(SYSTEM) > completion) {
            throw new ConfigurationException("template of " + owner + " is '" + template
                    + "'; it must hold {prompt} and after it {completion}, each once, and may hold {system} once before"
                    + " {completion}");
        }
        return new PromptTemplate(List.copyOf(parts));
    }

    /** Whether a system message has a place. */
    public boolean takesSystem() {
        return parts == null || parts.contains(SYSTEM);
    }

    /** The text. */
    public Filled fill(String system, String prompt, String completion) {
        StringBuilder text = new StringBuilder();
        int learned = 0;
        for (String part : parts == null ? standard(system, prompt, completion) : parts) {
            switch (part) {
                case SYSTEM -> text.append(system);
                case PROMPT -> text.append(prompt);
                case COMPLETION -> {
                    learned = text.length();
                    text.append(completion);
                }
                default -> text.append(part);
            }
        }
        return new Filled(text.toString(), learned);
    }

    private static List<String> standard(String system, String prompt, String completion) {
        boolean parted = prompt.isEmpty()
                || completion.isEmpty()
                || Character.isWhitespace(prompt.charAt(prompt.length() - 1))
                || Character.isWhitespace(completion.charAt(0));
        return List.of(SYSTEM, system.isEmpty() ? "" : "\n\n", PROMPT, parted ? "" : "\n", COMPLETION);
    }
}
