package dev.graft.starter.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class GrammarTest {

    @Test
    void aBoundVariableKeepsItsColumns() {
        Grammar grammar = GrammarReader.parse("""
                = story
                {!who:person}{who} lost {who.their} hat. {^who.they} cried.
                = person (they their)
                Anna | she | her
                """);

        assertThat(text(grammar, "story", 1)).isEqualTo("Anna lost her hat. She cried.");
    }

    @Test
    void twoVariablesOfOneRuleNeverShareALine() {
        Grammar grammar = GrammarReader.parse("= pair\n{a:name} and {b:name}\n= name\nAnna\nBen\n");

        assertThat(IntStream.range(0, 50).mapToObj(seed -> text(grammar, "pair", seed)))
                .containsOnly("Anna and Ben", "Ben and Anna");
    }

    @Test
    void anUnboundSlotIsChosenAnewEveryTime() {
        Grammar grammar = GrammarReader.parse("= pair\n{name} {name}\n= name\nx\ny\n");

        assertThat(IntStream.range(0, 200).mapToObj(seed -> text(grammar, "pair", seed * 7919L)))
                .contains("x x", "x y", "y x", "y y");
    }

    @Test
    void aColumnMayNameTheRuleThatFillsIt() {
        Grammar grammar = GrammarReader.parse(
                "= top\n{!r:room}{r}: {t:r.things} {t}\n= room (things)\nhall | @hat\n= hat\ncap\n");

        assertThat(text(grammar, "top", 1)).isEqualTo("hall: cap cap");
    }

    @Test
    void aColumnOfTheFirstLineIsWrittenWithTheSameVariables() {
        Grammar grammar = GrammarReader.parse(
                "= ask (answer)\n{!o:word}opposite of {o} | {o.other}\n= word (other)\nhot | cold\n");

        Expansion expansion = grammar.expand("ask", new Random(1));

        assertThat(expansion.text()).isEqualTo("opposite of hot");
        assertThat(expansion.column("answer")).isEqualTo("cold");
    }

    @Test
    void articlesFollowTheSoundOfTheNextWord() {
        Grammar grammar = GrammarReader.parse(
                "= top\n{~word}\n= word\napple\npear\nhour\nhouse\nunicorn\numbrella\nhonest man\n");
        TreeSet<String> seen = new TreeSet<>();

        IntStream.range(0, 200).forEach(seed -> seen.add(text(grammar, "top", seed * 7919L)));

        assertThat(seen)
                .containsExactly(
                        "a house", "a pear", "a unicorn", "an apple", "an honest man", "an hour", "an umbrella");
    }

    @Test
    void aHeavierLineIsChosenMoreOften() {
        Grammar grammar = GrammarReader.parse("= top\n*9 often\nseldom\n");
        Map<String, Integer> counts = new TreeMap<>();

        IntStream.range(0, 2000).forEach(seed -> counts.merge(text(grammar, "top", seed * 7919L), 1, Integer::sum));

        assertThat(counts.get("often")).isBetween(1700, 1900);
        assertThat(counts.get("seldom")).isBetween(100, 300);
    }

    @Test
    void anEscapedCharacterStandsForItself() {
        Grammar grammar = GrammarReader.parse("= top\nfirst\\nsecond\\tthird \\{x\\}\n");

        assertThat(text(grammar, "top", 1)).isEqualTo("first\nsecond\tthird {x}");
    }

    @Test
    void aLineMayGoOnBelow() {
        Grammar grammar = GrammarReader.parse("= top\none \\\n  two\n");

        assertThat(text(grammar, "top", 1)).isEqualTo("one two");
    }

    @Property(tries = 50)
    void theSameSeedWritesTheSameText(@ForAll long seed) {
        Grammar grammar = GrammarReader.parse("= top\n[a|b|c] {word} {word}\n= word\nx\ny\nz\n");

        assertThat(text(grammar, "top", seed))
                .isEqualTo(text(grammar, "top", seed))
                .matches("[abc] [xyz] [xyz]");
    }

    @Test
    void aNameThatNothingDefinesIsRefused() {
        assertThatThrownBy(() -> GrammarReader.parse("= top\n{nobody} is here\n"))
                .isInstanceOf(GrammarException.class)
                .hasMessage("rule \"top\" uses \"nobody\", which is neither a rule nor a variable that any rule binds");
    }

    @Test
    void aMissingColumnIsRefusedWithItsLine() {
        assertThatThrownBy(() -> GrammarReader.parse("= top (a b)\nx | y\n"))
                .isInstanceOf(GrammarException.class)
                .hasMessage("text:2: rule \"top\" has 2 columns besides its text, but \"x | y\" has 1");
    }

    @Test
    void anOpenBracketIsRefused() {
        assertThatThrownBy(() -> GrammarReader.parse("= top\n[a|b\n"))
                .isInstanceOf(GrammarException.class)
                .hasMessage("text:2: template \"[a|b\" leaves a [ open");
    }

    @Test
    void aRuleIsDefinedOnce() {
        assertThatThrownBy(() -> GrammarReader.parse("= top\na\n= top\nb\n"))
                .isInstanceOf(GrammarException.class)
                .hasMessage("text:3: rule \"top\" is defined twice");
    }

    @Test
    void readingAVariableBeforeItIsBoundIsRefused() {
        Grammar grammar = GrammarReader.parse("= top\n{a.x}{!a:word}\n= word (x)\nb | c\n");

        assertThatThrownBy(() -> text(grammar, "top", 1))
                .isInstanceOf(GrammarException.class)
                .hasMessage("\"a.x\" is read before \"a\" is bound in a document of rule \"top\"");
    }

    private static String text(Grammar grammar, String rule, long seed) {
        return grammar.expand(rule, new Random(seed)).text();
    }
}
