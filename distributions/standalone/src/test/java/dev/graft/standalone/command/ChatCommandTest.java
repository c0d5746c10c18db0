package dev.graft.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.standalone.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatCommandTest {
    @TempDir
    Path directory;

    private Workplace place;
    private String model;

    @BeforeEach
    void writeModel() {
        place = new Workplace(directory);
        model = place.model().toString();
    }

    private Run chat(String typed, String... further) {
        List<String> all = new ArrayList<>(List.of("chat", "--model", model, "--max-new-tokens", "6", "--json"));
        all.addAll(List.of(further));
        return Run.typing(typed, all.toArray(String[]::new));
    }

    private String generated(String text, String... further) {
        List<String> all = new ArrayList<>(
                List.of("generate", "--model", model, "--max-new-tokens", "6", "--json", "--prompt", text));
        all.addAll(List.of(further));
        return Lines.texts(Run.graft(all.toArray(String[]::new))).get(0);
    }

    private static String turn(String role, String text) {
        return "<|im_start|>" + role + "\n" + text + "<|im_end|>\n";
    }

    private static String asked(String... turns) {
        return String.join("", turns) + "<|im_start|>assistant\n";
    }

    @Test
    void everyTurnSeesTheTurnsBeforeIt() {
        List<String> answers = Lines.texts(chat("one\n\ntwo\n"));

        String first = generated(asked(turn("user", "one")));
        String second = generated(asked(turn("user", "one"), turn("assistant", first), turn("user", "two")));
        assertThat(answers).containsExactly(first, second);
    }

    @Test
    void resetForgetsTheTurnsAndKeepsTheSystemText() {
        List<String> answers =
                Lines.texts(chat("/system be brief\none\n/reset\ntwo\n/system\n/reset\n//two\n/exit\nthree"));

        assertThat(answers)
                .containsExactly(
                        generated(asked(turn("system", "be brief"), turn("user", "one"))),
                        generated(asked(turn("system", "be brief"), turn("user", "two"))),
                        generated(asked(turn("user", "/two"))));
    }

    @Test
    void adaptersAreSwitchedWithinAConversation() {
        String first = place.lora("first", 1).toString();
        String second = place.lora("second", 2).toString();

        List<String> answers = Lines.texts(chat(
                "one\n/reset\n/adapter second\none\n/reset\n/adapter base\none\n",
                "--adapter",
                first,
                "--adapter",
                second));

        assertThat(answers)
                .containsExactly(
                        generated(asked(turn("user", "one")), "--adapter", first),
                        generated(asked(turn("user", "one")), "--adapter", second),
                        generated(asked(turn("user", "one"))))
                .doesNotHaveDuplicates();
    }

    @Test
    void withoutJsonAnAnswerIsALine() {
        Run run = Run.typing("one\n/help\n", "chat", "--model", model, "--max-new-tokens", "6");

        assertThat(run.code()).isZero();
        assertThat(run.out()).isEqualTo(generated(asked(turn("user", "one"))) + System.lineSeparator());
        assertThat(run.err()).contains("/adapter NAME", "/reset", "/exit");
    }

    @Test
    void aWrongCommandIsToldAndTheConversationGoesOn() {
        Run run = chat("/rest\n/adapter secnd\none\n");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err().lines())
                .containsExactly(
                        "graft: there is no command '/rest'; did you mean 'reset'?",
                        "graft: there is no adapter 'secnd'; allowed: base");
        assertThat(run.out().lines()).hasSize(1);
    }

    @Test
    void aConversationThatGrowsTooLongIsOneSentenceAndTheLastMessageIsWithdrawn() {
        Run run = chat("one\n" + "two ".repeat(70) + "\n/reset\none\n");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err().lines()).singleElement().asString().contains("64");
        assertThat(run.out().lines()).hasSize(2);
    }

    @Test
    void aModelWithoutAChatTemplateIsRefused() throws IOException {
        Path settings = Path.of(model, "tokenizer_config.json");
        Files.writeString(settings, "{}");

        Run run = chat("one\n");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err().lines())
                .containsExactly("graft: " + model + " has no chat template, neither chat_template in"
                        + " tokenizer_config.json nor chat_template.jinja; graft generate without --chat goes on from"
                        + " plain text");
    }
}
