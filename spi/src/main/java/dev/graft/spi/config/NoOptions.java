package dev.graft.spi.config;

/** The configuration of a plugin that has none. */
public record NoOptions() {}
