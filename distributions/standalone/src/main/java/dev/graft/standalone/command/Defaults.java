package dev.graft.standalone.command;

import java.util.Map;

/** What this distribution takes where a recipe or a command says nothing. */
public final class Defaults {
    /** The engine. */
    public static final String ENGINE = "torch";

    /** Sections of recipes that leave them out. */
    public static final Map<String, Object> SECTIONS = Map.of("engine", ENGINE, "optimizer", "adamw");

    private Defaults() {}
}
