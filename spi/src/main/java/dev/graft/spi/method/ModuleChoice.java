package dev.graft.spi.method;

import dev.graft.spi.config.Choice;
import dev.graft.spi.config.ConfigurationException;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Which modules a key means, by PEFT's rules: a list holds names or their endings, a string is a regular expression. */
public final class ModuleChoice {
    private ModuleChoice() {}

    /**
     * Whether a module is meant.
     *
     * @param key where the choice was written, for messages
     * @param choice the choice; null means no module
     * @throws ConfigurationException if a string is no regular expression
     */
    public static Predicate<String> of(String key, Choice choice) {
        if (choice == null) {
            return module -> false;
        }
        if (choice.text().isPresent()) {
            Pattern pattern = pattern(key, choice.single());
            return module -> pattern.matcher(module).matches();
        }
        return module -> ends(module, choice.many());
    }

    /** Whether a module has one of the names or ends with one as a part of its path. */
    public static boolean ends(String module, List<String> names) {
        return names.stream().anyMatch(name -> module.equals(name) || module.endsWith("." + name));
    }

    private static Pattern pattern(String key, String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new ConfigurationException(
                    key + " holds '" + regex + "', which is not a regular expression: " + e.getDescription(), e);
        }
    }
}
