package dev.graft.tck.rule;

/**
 * Tells whether a rule holds.
 *
 * @param <S> what is held to the rule
 */
@FunctionalInterface
public interface Check<S> {
    /**
     * Returns if the rule holds.
     *
     * @throws RuleBroken if it does not
     * @throws NotApplicable if it says nothing about this subject
     * @throws Exception anything else that the subject threw, which breaks the rule as well
     */
    void check(S subject) throws Exception;
}
