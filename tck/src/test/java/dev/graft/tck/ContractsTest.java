package dev.graft.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.tck.rule.Level;
import dev.graft.tck.rule.Rule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The Javadoc of the contracts and the rules say the same MUST. */
class ContractsTest {
    private static final Path CONTRACTS = Path.of("../spi/src/main/java");
    private static final Pattern COMMENT = Pattern.compile("/\\*\\*(.*?)\\*/", Pattern.DOTALL);
    private static final Pattern SENTENCE_END = Pattern.compile("(?<=\\.)\\s+");
    private static final Pattern NAMED = Pattern.compile("\\(rules? (\\d{1,2}\\.\\d{2}(?:, \\d{1,2}\\.\\d{2})*)\\)");

    /** A sentence of the contracts that binds. */
    private record Sentence(String file, String text) {
        Stream<String> rules() {
            return NAMED.matcher(text)
                    .results()
                    .flatMap(named -> Stream.of(named.group(1).split(", ")));
        }
    }

    @Test
    void everyMustOfTheContractsHasARule() {
        assertThat(binding()).isNotEmpty();
        assertThat(binding())
                .filteredOn(sentence -> sentence.rules().findAny().isEmpty())
                .isEmpty();
    }

    @Test
    void everyRuleThatTheContractsNameIsThereAndBinds() {
        Set<String> rules = bindingRules().map(Rule::number).collect(Collectors.toSet());

        assertThat(binding().stream().flatMap(Sentence::rules)).isSubsetOf(rules);
    }

    @Test
    void everyRuleThatBindsIsNamedByTheContracts() {
        Set<String> named = binding().stream().flatMap(Sentence::rules).collect(Collectors.toSet());

        assertThat(bindingRules().map(Rule::number)).isSubsetOf(named);
    }

    private static Stream<Rule> bindingRules() {
        return Rules.all().filter(rule -> rule.level() == Level.MUST);
    }

    private static List<Sentence> binding() {
        try (Stream<Path> files = Files.walk(CONTRACTS)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .flatMap(ContractsTest::sentences)
                    .filter(sentence -> sentence.text().contains("MUST"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Sentence> sentences(Path file) {
        try {
            return COMMENT.matcher(Files.readString(file))
                    .results()
                    .map(MatchResult::group)
                    .map(comment -> comment.replaceAll("\\n\\s*\\*/?", " ").replaceAll("\\s+", " "))
                    .flatMap(SENTENCE_END::splitAsStream)
                    .map(text -> new Sentence(file.getFileName().toString(), text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
