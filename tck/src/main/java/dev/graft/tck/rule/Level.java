package dev.graft.tck.rule;

/** How binding a rule is (RFC 2119). */
public enum Level {
    /** Without it a plugin is no plugin. */
    MUST("required"),
    /** There may be a reason against it, which its author knows. */
    SHOULD("recommended"),
    /** Left to its author. */
    MAY("optional");

    private final String test;

    Level(String test) {
        this.test = test;
    }

    /** The word that begins the name of the rule's test. */
    public String test() {
        return test;
    }
}
