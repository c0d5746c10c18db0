package dev.graft.objectives.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.model.Task;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.EncodeContext;
import dev.graft.spi.objective.Example;
import dev.graft.spi.tokenizer.Tokenizer;
import dev.graft.spi.tokenizer.Tokenizer.Encoding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelTest {
    private static final List<String> NAMES = List.of("person", "place", "number");

    private final Tokenizer tokenizer = mock(Tokenizer.class);

    @BeforeEach
    void everyTextIsOneToken() {
        when(tokenizer.encode(anyString(), eq(true)))
                .thenReturn(new Encoding(new int[] {7}, new int[] {0}, new int[] {1}));
    }

    private EncodeContext context(List<String> names, int classes) {
        ModelDescription model = new ModelDescription(
                "bert", "BertForSequenceClassification", Task.SEQ_CLS, 2, 8, 2, 2, 4, 128, 64, classes, 0);
        return new EncodeContext(tokenizer, model, 8, names);
    }

    private static DataRecord record(Object label) {
        Map<String, Object> fields = new LinkedHashMap<>(Map.of("text", "who"));
        fields.put("label", label);
        return new DataRecord(fields, "questions.csv:12");
    }

    private static ClassificationConfig config(List<Double> weights) {
        return new ClassificationConfig("text", "text_pair", "label", 0, weights);
    }

    private Example encode(Object label, List<String> names, int classes) {
        return new Classification(config(null))
                .encode(record(label), context(names, classes))
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"person, 0", "place, 1", "number, 2", "2, 2"})
    void labelsAreNamesOrNumbersInAText(String label, double number) {
        assertThat(encode(label, NAMES, 3).values()).containsExactly(Map.entry("label", number));
    }

    @Test
    void labelsAreWholeNumbersToo() {
        assertThat(encode(1, NAMES, 3).values()).containsEntry("label", 1.0);
        assertThat(encode(2L, List.of(), 3).values()).containsEntry("label", 2.0);
    }

    @Test
    void aNumberThatIsANameCountsAsTheName() {
        assertThat(encode(5, List.of("3", "4", "5"), 3).values()).containsEntry("label", 2.0);
    }

    @Test
    void truthValuesAreNamesOrZeroAndOne() {
        assertThat(encode(true, List.of("true", "false"), 2).values()).containsEntry("label", 0.0);
        assertThat(encode(true, List.of("no", "yes"), 2).values()).containsEntry("label", 1.0);
        assertThat(encode(false, List.of(), 2).values()).containsEntry("label", 0.0);
    }

    @ParameterizedTest
    @CsvSource({"thing", "3", "-1", "1.0", "99999999999"})
    void aLabelThatIsNoClassIsNamedWithThoseThatAre(String label) {
        assertThatThrownBy(() -> encode(label, NAMES, 3))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("questions.csv:12: column 'label' holds the label '" + label
                        + "'; it must be one of [person, place, number] or a whole number from 0 to 2");
    }

    @Test
    void withoutNamesTheHeadSaysWhichNumbersAreAllowed() {
        assertThatThrownBy(() -> encode(3, List.of(), 3))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "questions.csv:12: column 'label' holds the label '3'; it must be a whole number from 0 to 2");
        assertThatThrownBy(() -> encode(1.5, List.of(), 3))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("holds the label '1.5'");
    }

    @Test
    void longListsOfNamesAreCutShort() {
        List<String> names = IntStream.range(0, 50).mapToObj(i -> "c" + i).toList();

        assertThatThrownBy(() -> encode("x", names, 50))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageEndingWith("c18, c19, ... 50 in all] or a whole number from 0 to 49");
    }

    @Test
    void aClassBeyondTheHeadIsAnError() {
        assertThatThrownBy(() -> encode("number", NAMES, 2))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "questions.csv:12: the label 'number' is class 2, but the model's head has 2 classes, numbered"
                                + " from 0");
    }

    @Test
    void missingColumnsAreNamed() {
        DataRecord unlabelled = new DataRecord(Map.of("text", "who"), "questions.csv:12");
        DataRecord textless = new DataRecord(Map.of("label", 1), "questions.csv:12");

        assertThatThrownBy(() -> new Classification(config(null)).encode(unlabelled, context(NAMES, 3)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("questions.csv:12: column 'label' is missing; the record has [text]");
        assertThatThrownBy(() -> new Classification(config(null)).encode(textless, context(NAMES, 3)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("questions.csv:12: column 'text' is missing; the record has [label]");
    }

    @Test
    void columnsCanBeCalledOtherwise() {
        DataRecord record = new DataRecord(Map.of("text", "", "question", "who", "kind", "place"), "questions.csv:12");
        ClassificationConfig config = new ClassificationConfig("question", "context", "kind", 0, null);

        assertThat(new Classification(config)
                        .encode(record, context(NAMES, 3))
                        .orElseThrow()
                        .values())
                .containsEntry("label", 1.0);
    }

    @Test
    void aTextWithoutTokensIsAnError() {
        when(tokenizer.encode("who", true)).thenReturn(new Encoding(new int[0], new int[0], new int[0]));

        assertThatThrownBy(() -> encode(1, NAMES, 3))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("questions.csv:12: column 'text' makes no token; a text to classify needs at least one");
    }

    @Test
    void classWeightsMustFitTheClasses() {
        assertThatThrownBy(() -> new Classification(config(List.of(1.0, 2.0))).encode(record(1), context(NAMES, 3)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "class_weights of classification has 2 weights; it must have one for each of the 3 classes");
        assertThatThrownBy(() -> new ClassificationProvider().create(config(List.of(1.0, -2.0))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("class_weights of classification is [1.0, -2.0]; weights must be finite and not negative");
    }
}
