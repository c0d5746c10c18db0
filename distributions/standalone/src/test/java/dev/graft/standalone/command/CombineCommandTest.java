package dev.graft.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.standalone.Run;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CombineCommandTest {
    @TempDir
    Path directory;

    private String model;
    private String first;
    private String second;
    private String both;

    @BeforeEach
    void writeAdapters() {
        Workplace place = new Workplace(directory);
        model = place.model().toString();
        first = place.lora("first", 1).toString();
        second = place.lora("second", 2).toString();
        both = directory.resolve("both").toString();
    }

    private Run combine(String... more) {
        Stream<String> asked =
                Stream.of("combine", "--model", model, "--adapter", first, "--adapter", second, "--output", both);
        return Run.graft(Stream.concat(asked, Arrays.stream(more)).toArray(String[]::new));
    }

    private List<String> texts(String adapter) {
        return Lines.texts(Run.graft(
                "generate",
                "--json",
                "--max-new-tokens",
                "8",
                "--prompt",
                "one",
                "--model",
                model,
                "--adapter",
                adapter));
    }

    @Test
    void allOfOneAdapterSaysWhatItSays() {
        Run run = combine("--kind", "cat", "--weights", "1,0");

        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith("wrote " + both + ": 2 adapters of method lora combined by cat");
        assertThat(texts(both)).isEqualTo(texts(first)).isNotEqualTo(texts(second));
    }

    @Test
    void aRankCutsADecomposition() {
        assertThat(combine("--kind", "ties_svd", "--density", "0.5", "--rank", "2")
                        .code())
                .isZero();
        assertThat(Run.graft("inspect", both, "--tensors").out()).contains("[2, 16]");
    }

    @Test
    void mistakesAreToldInASentence() {
        assertThat(combine("--kind", "mean").err()).contains("adapters cannot be combined by 'mean'; the ways are");
        assertThat(combine("--kind", "ties").err()).contains("density is not given");
        assertThat(combine("--weights", "1").err()).contains("--weights has 1 numbers for 2 adapters");
        assertThat(combine("--kind", "svd", "--rank", "0").err()).contains("--rank is 0");
        assertThat(combine("--kind", "mean").code()).isEqualTo(2);
        assertThat(Path.of(both)).doesNotExist();
        assertThat(Run.graft("combine", "--model", model, "--adapter", first, "--output", both)
                        .err())
                .contains("there is nothing to combine");
    }

    @Test
    void whatIsThereIsReplacedOnlyWhenAsked() {
        assertThat(combine().code()).isZero();
        assertThat(combine().err()).contains("exists; name another directory, or give --overwrite");
        assertThat(combine("--overwrite").code()).isZero();
    }
}
