package dev.graft.tck.rule;

/**
 * What came of holding a subject to a rule.
 *
 * @param subject kind and id of the plugin, or the name of a jar
 * @param rule the rule
 * @param status whether it holds
 * @param found what was found, or why the rule does not apply; empty if it holds
 * @param millis time it took, in milliseconds
 */
public record Outcome(String subject, Rule rule, Status status, String found, long millis) {
    /** Whether a rule holds. */
    public enum Status {
        /** It holds. */
        PASSED,
        /** It does not. */
        FAILED,
        /** It says nothing about the subject. */
        NOT_APPLICABLE
    }

    /** Whether a binding rule is broken. */
    public boolean damning() {
        return status == Status.FAILED && rule.level() == Level.MUST;
    }

    /** The failure as an author should read it: rule, sentence, what was found, where to look. */
    public String explanation() {
        return rule.number() + " (" + rule.level() + "): " + rule.sentence() + "\n  found: " + found
                + (rule.hint().isEmpty() ? "" : "\n  look at: " + rule.hint());
    }
}
