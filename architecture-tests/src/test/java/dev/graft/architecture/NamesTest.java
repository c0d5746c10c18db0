package dev.graft.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NamesTest {
    /** Names of techniques and model families, as words; "lo ra" is how {@code LoRA} falls apart at its capitals. */
    private static final List<String> TECHNIQUES = List.of(
            "lora",
            "lo ra",
            "dora",
            "do ra",
            "rslora",
            "qlora",
            "adalora",
            "pissa",
            "ia3",
            "bitfit",
            "bit fit",
            "prefix tuning",
            "prompt tuning",
            "p tuning",
            "ptuning",
            "ppt",
            "ewc",
            "dpo",
            "ppo",
            "nf4",
            "llama",
            "mistral",
            "qwen",
            "qwen2",
            "qwen3",
            "gpt2",
            "bert",
            "roberta",
            "bart");

    private static final Set<String> EMPTY_WORDS =
            Set.of("util", "utils", "common", "helper", "helpers", "impl", "manager", "managers", "misc");

    @Test
    void theKernelAndTheSpiNameNoTechnique() throws IOException {
        List<String> named = new ArrayList<>();
        for (JavaClass type : GraftClasses.ALL) {
            if (Set.of("dev.graft.spi", "dev.graft.kernel").contains(GraftClasses.moduleOf(type))) {
                techniquesIn(type).forEach(found -> named.add(type.getName() + ": " + found));
            }
        }

        assertThat(named).isEmpty();
    }

    @Test
    void noPackageOrClassIsNamedAfterNothing() {
        List<String> named = GraftClasses.ALL.stream()
                .filter(type -> endsWithAnEmptyWord(type.getSimpleName())
                        || List.of(type.getPackageName().split("\\.", -1)).stream()
                                .anyMatch(EMPTY_WORDS::contains))
                .map(JavaClass::getName)
                .toList();

        assertThat(named).isEmpty();
    }

    @Test
    void wordsAreFoundAtCapitalsAndPunctuation() {
        assertThat(words("loadLoRAConfig")).isEqualTo(" load lo ra config ");
        assertThat(words("Ia3Config")).isEqualTo(" ia3 config ");
        assertThat(words("no lora_A here: exploration")).isEqualTo(" no lora a here exploration ");
    }

    private static List<String> techniquesIn(JavaClass type) throws IOException {
        List<String> found = new ArrayList<>();
        try (InputStream bytes = type.getSource().orElseThrow().getUri().toURL().openStream()) {
            for (String constant : ConstantPool.strings(bytes)) {
                String words = words(constant);
                if (TECHNIQUES.stream().anyMatch(technique -> words.contains(" " + technique + " "))) {
                    found.add(constant);
                }
            }
        }
        return found;
    }

    private static boolean endsWithAnEmptyWord(String name) {
        String words = words(name).strip();
        return EMPTY_WORDS.contains(words.substring(words.lastIndexOf(' ') + 1));
    }

    private static String words(String text) {
        String spaced = text.replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]+", " ");
        return " " + spaced.strip().toLowerCase(Locale.ROOT) + " ";
    }
}
