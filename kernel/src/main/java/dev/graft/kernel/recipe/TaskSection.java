package dev.graft.kernel.recipe;

import dev.graft.spi.config.Key;

/**
 * One of several tasks that a run learns together.
 *
 * @param name its name, which method sections, figures and files call it by; empty for the only task of a recipe
 * @param objective what it minimises
 * @param data what it learns from
 * @param weight what its loss counts beside those of the others
 * @param show what to print before and after training, or null
 */
public record TaskSection(
        @Key(value = "The task's name, by which methods, figures and files call it", required = true)
        String name,

        @Key(value = "What it minimises: an objective's id and its keys", required = true)
        PluginSection objective,

        @Key(value = "What it learns from", required = true) DataSection data,

        @Key(value = "What its loss counts beside those of the others", defaultsTo = "1", min = 0)
        double weight,

        @Key("What to generate before and after training, for a person to compare")
        ShowSection show) {}
