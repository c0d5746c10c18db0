package dev.graft.tck.rule;

import java.util.regex.Pattern;

/**
 * One rule of the contract.
 *
 * @param number chapter and place in it, for instance {@code 3.02}
 * @param level how binding it is
 * @param name its sentence in short, as a Java name
 * @param sentence what holds
 * @param intent why
 * @param wild a defect seen elsewhere that it would have found; empty where none is known
 * @param hint what an author should look at who broke it
 * @param unmutated why no broken plugin shows that the rule finds something; empty where one does
 */
public record Rule(
        String number,
        Level level,
        String name,
        String sentence,
        String intent,
        String wild,
        String hint,
        String unmutated) {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,2}\\.\\d{2}");
    private static final Pattern NAME = Pattern.compile("[a-z][A-Za-z0-9]+");

    /** Checks number and name. */
    public Rule {
        if (!NUMBER.matcher(number).matches() || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a rule cannot be called " + number + " " + name);
        }
    }

    /** A binding rule. */
    public static Rule must(String number, String name, String sentence) {
        return new Rule(number, Level.MUST, name, sentence, "", "", "", "");
    }

    /** A rule that a good reason may outweigh. */
    public static Rule should(String number, String name, String sentence) {
        return new Rule(number, Level.SHOULD, name, sentence, "", "", "", "");
    }

    /** The same with its intent. */
    public Rule because(String reason) {
        return new Rule(number, level, name, sentence, reason, wild, hint, unmutated);
    }

    /** The same with a defect in the wild. */
    public Rule seen(String defect) {
        return new Rule(number, level, name, sentence, intent, defect, hint, unmutated);
    }

    /** The same with what to look at when it is broken. */
    public Rule look(String where) {
        return new Rule(number, level, name, sentence, intent, wild, where, unmutated);
    }

    /** The same, with the reason why there is no mutant for it. */
    public Rule withoutMutant(String reason) {
        return new Rule(number, level, name, sentence, intent, wild, hint, reason);
    }

    /** Number of its chapter. */
    public int chapter() {
        return Integer.parseInt(number.substring(0, number.indexOf('.')));
    }

    /** The name of its test, for instance {@code required_3_02_freshAttachmentIsANoOp}. */
    public String testName() {
        return level.test() + "_" + number.replace('.', '_') + "_" + name;
    }
}
