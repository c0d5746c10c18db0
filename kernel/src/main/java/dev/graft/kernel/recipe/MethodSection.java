package dev.graft.kernel.recipe;

import dev.graft.spi.config.Key;
import java.util.Map;

/**
 * One technique to attach.
 *
 * @param id the method's id; null where {@code adapter} names a directory, whose files say it
 * @param name name of the adapter where there are several; its folder's name inside the output
 * @param adapter directory of an adapter to go on from, or null to begin afresh
 * @param options the method's own keys, already known to fit its configuration record; empty where {@code adapter} is
 *     given, since the adapter brings its own
 */
public record MethodSection(
        @Key("The method's id; may be left out where adapter is given")
        String id,

        @Key("Name of the adapter, where a recipe has several; left out, the method's id")
        String name,

        @Key("Directory of an adapter to go on from; left out, training begins with a fresh one")
        String adapter,

        @Key("The method's own keys") Map<String, Object> options) {}
