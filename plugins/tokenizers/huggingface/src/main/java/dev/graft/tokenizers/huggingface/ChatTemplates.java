package dev.graft.tokenizers.huggingface;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.tokenizer.Tokenizer.Rendered;
import dev.graft.tokenizers.huggingface.jinja.Template;
import dev.graft.tokenizers.huggingface.jinja.TemplateException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The chat templates of a tokenizer. */
final class ChatTemplates {
    static final String DEFAULT = "default";
    private static final String TOOL_USE = "tool_use";
    private final Path directory;
    private final Map<String, String> roles;
    private final Map<String, Template> templates = new LinkedHashMap<>();

    /**
     * Reads the templates.
     *
     * @param sources template by name
     * @param roles special token by role, which templates see as variables
     * @throws ConfigurationException if one of them is no template
     */
    ChatTemplates(Path directory, Map<String, String> sources, Map<String, String> roles, Clock clock) {
        this.directory = directory;
        this.roles = Map.copyOf(roles);
        sources.forEach((name, source) -> {
            try {
                templates.put(name, Template.parse(source, clock));
            } catch (TemplateException e) {
                throw new ConfigurationException(
                        "the chat template '" + name + "' of " + directory + " cannot be read: " + e.getMessage(), e);
            }
        });
    }

    boolean isEmpty() {
        return templates.isEmpty();
    }

    /** Renders a conversation; see {@link dev.graft.spi.tokenizer.Tokenizer#render}. */
    Rendered render(List<Map<String, Object>> messages, boolean generationPrompt, Map<String, Object> variables) {
        if (messages.isEmpty()) {
            throw new ConfigurationException(
                    "a conversation without messages cannot be rendered; it needs at least one");
        }
        Template template = choose(variables.get("tools") != null);
        Map<String, Object> all = new HashMap<>(roles);
        all.put("tools", null);
        all.put("documents", null);
        all.putAll(variables);
        all.put("messages", messages);
        all.put("add_generation_prompt", generationPrompt);
        try {
            Template.Rendered rendered = template.render(all);
            return new Rendered(rendered.text(), rendered.generated());
        } catch (TemplateException e) {
            throw new ConfigurationException("the chat template refuses this conversation: " + e.getMessage(), e);
        }
    }

    private Template choose(boolean tools) {
        if (templates.isEmpty()) {
            throw new ConfigurationException("the tokenizer in " + directory
                    + " has no chat template: neither chat_template.jinja nor chat_template in tokenizer_config.json");
        }
        if (tools && templates.containsKey(TOOL_USE)) {
            return templates.get(TOOL_USE);
        }
        if (!templates.containsKey(DEFAULT)) {
            throw new ConfigurationException("the tokenizer in " + directory + " has no chat template named '" + DEFAULT
                    + "', only " + templates.keySet().stream().sorted().toList());
        }
        return templates.get(DEFAULT);
    }
}
