package dev.graft.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.tck.junit.BundleVerification;
import dev.graft.tck.junit.EngineVerification;
import dev.graft.tck.junit.MethodVerification;
import dev.graft.tck.junit.ModelVerification;
import dev.graft.tck.junit.ObjectiveVerification;
import dev.graft.tck.junit.OptimizerVerification;
import dev.graft.tck.junit.QuantizerVerification;
import dev.graft.tck.junit.ScorerVerification;
import dev.graft.tck.junit.TokenizerVerification;
import dev.graft.tck.rule.Chapter;
import dev.graft.tck.rule.Rule;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RulesTest {
    private static final Path PAGE = Path.of("RULES.md");

    @Test
    void thePageSaysWhatTheCodeSays() throws IOException {
        if (Boolean.getBoolean("graft.tck.writeRules")) {
            Files.writeString(PAGE, RulesPage.text());
        }

        assertThat(Files.readString(PAGE))
                .as("RULES.md; -Dgraft.tck.writeRules=true writes it anew")
                .isEqualTo(RulesPage.text());
    }

    @Test
    void thereAreAtLeastEightyRulesWithNumbersAndNamesOfTheirOwn() {
        List<Rule> rules = Rules.all().toList();

        assertThat(rules).hasSizeGreaterThanOrEqualTo(80);
        assertThat(rules).extracting(Rule::number).doesNotHaveDuplicates();
        assertThat(rules).extracting(Rule::testName).doesNotHaveDuplicates();
    }

    @Test
    void everyRuleSaysWhyItIsThereAndEveryRuleOfAnAuthorWhatToLookAt() {
        assertThat(Rules.all()).allSatisfy(rule -> {
            assertThat(rule.intent()).as(rule.number()).isNotBlank();
            assertThat(rule.sentence()).as(rule.number()).endsWith(".");
            assertThat(rule.hint() + rule.unmutated()).as(rule.number()).isNotBlank();
        });
    }

    @Test
    void everyRuleIsATestOfTheClassesToExtend() {
        assertTests(BundleVerification.class, 1, 16);
        assertTests(MethodVerification.class, 2, 3, 4, 5, 6, 7, 8);
        assertTests(ModelVerification.class, 2, 9);
        assertTests(TokenizerVerification.class, 2, 14);
        assertTests(EngineVerification.class, 2, 10);
        assertTests(QuantizerVerification.class, 2, 11);
        assertTests(OptimizerVerification.class, 2, 12);
        assertTests(ObjectiveVerification.class, 2, 13);
        assertTests(ScorerVerification.class, 2, 15);
    }

    private static void assertTests(Class<?> verification, Integer... chapters) {
        List<String> tests = Stream.<Class<?>>iterate(verification, type -> type != Object.class, Class::getSuperclass)
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(Method::getName)
                .toList();

        assertThat(tests)
                .containsExactlyInAnyOrderElementsOf(Rules.chapters().stream()
                        .filter(chapter -> Arrays.asList(chapters).contains(chapter.number()))
                        .flatMap(Chapter::rules)
                        .map(Rule::testName)
                        .toList());
    }
}
