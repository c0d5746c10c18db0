package dev.graft.starter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LabelledDataTest {

    static List<LabelledData> all() {
        return LabelledData.all(Starter.SEED);
    }

    @ParameterizedTest
    @MethodSource("all")
    void noRecordIsInBothPartsOrTwiceInOne(LabelledData data) {
        Set<Map<String, Object>> distinct = new HashSet<>(data.train());
        distinct.addAll(data.test());

        assertThat(distinct).hasSize(data.train().size() + data.test().size());
    }

    @Test
    void noHeldOutActionIsEverAskedForInTraining() {
        LabelledData commands = LabelledData.commands(Starter.SEED);

        assertThat(column(commands.test(), "completion"))
                .hasSize(200)
                .doesNotContainAnyElementsOf(column(commands.train(), "completion"));
    }

    @Test
    void everyWordOfAHeldOutActionIsKnownFromTraining() {
        LabelledData commands = LabelledData.commands(Starter.SEED);

        assertThat(words(commands.train())).containsAll(words(commands.test()));
    }

    @Test
    void anActionIsANameAndItsArguments() {
        assertThat(column(LabelledData.commands(Starter.SEED).train(), "completion"))
                .hasSize(2000)
                .allMatch(action -> action.matches(" [a-z]+\\.[a-z]+( [a-z]+=[a-z0-9_:]+){1,2}"));
    }

    @Test
    void theSixFeelingsAreAboutEquallyFrequent() {
        LabelledData feelings = LabelledData.feelings(Starter.SEED);
        Map<String, Long> counts = column(feelings.train(), "label").stream()
                .collect(Collectors.groupingBy(label -> label, TreeMap::new, Collectors.counting()));

        assertThat(counts).containsOnlyKeys("anger", "fear", "gratitude", "joy", "sadness", "surprise");
        assertThat(counts.values()).allMatch(count -> count > 250 && count < 420);
        assertThat(feelings.test()).hasSize(300);
    }

    @Test
    void noTextNamesItsFeeling() {
        assertThat(LabelledData.feelings(Starter.SEED).train())
                .noneMatch(fields -> ((String) fields.get("text")).contains((String) fields.get("label")));
    }

    @Test
    void conversationsAlternateAndEndWithTheAssistant() {
        assertThat(LabelledData.chat(Starter.SEED).train())
                .hasSize(1500)
                .allMatch(fields -> roles(fields).matches("(system )?(user assistant )+"));
    }

    private static String roles(Map<String, Object> fields) {
        return ((List<?>) fields.get("messages"))
                .stream()
                        .map(message -> ((Map<?, ?>) message).get("role") + " ")
                        .collect(Collectors.joining());
    }

    private static Set<String> words(List<Map<String, Object>> records) {
        return column(records, "completion").stream()
                .flatMap(action -> List.of(action.strip().split(" ", -1)).stream())
                .collect(Collectors.toSet());
    }

    private static List<String> column(List<Map<String, Object>> records, String name) {
        return records.stream().map(fields -> (String) fields.get(name)).toList();
    }
}
