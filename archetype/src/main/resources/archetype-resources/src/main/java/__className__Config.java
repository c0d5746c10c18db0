package ${package};

import dev.graft.spi.config.Choice;
import dev.graft.spi.config.Key;

/**
 * What a recipe says about ${methodId}.
 *
 * @param targetModules layers that get an offset; null = all but the head
 */
public record ${className}Config(
        @Key("Linear layers that get an offset: a list of names or of name endings, or a regular expression over full"
                + " names; left out, every one but those of the head")
        Choice targetModules) {}
