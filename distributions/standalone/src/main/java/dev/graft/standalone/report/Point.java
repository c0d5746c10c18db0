package dev.graft.standalone.report;

/**
 * One figure at one step.
 *
 * @param step optimizer step
 * @param value the figure
 */
public record Point(double step, double value) {}
