package dev.graft.starter.grammar;

import java.util.List;
import java.util.Map;

/**
 * One way to expand a rule.
 *
 * @param rule the rule it belongs to
 * @param weight how often it is chosen relative to the other lines of the rule
 * @param parts the template of its text
 * @param columns the templates of its further columns by their names
 */
record Line(String rule, int weight, List<Part> parts, Map<String, List<Part>> columns) {}
