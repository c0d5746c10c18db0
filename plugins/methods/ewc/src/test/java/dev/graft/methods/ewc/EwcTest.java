package dev.graft.methods.ewc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.model.AdapterLoader;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.FixedLabels;
import dev.graft.kernel.testing.ReferenceCase;
import dev.graft.kernel.testing.ReferenceTests;
import dev.graft.kernel.train.Calibrator;
import dev.graft.kernel.train.TrainedParameters;
import dev.graft.kernel.verify.CaseReport;
import dev.graft.kernel.verify.FixtureVerifier;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.model.Task;
import dev.graft.spi.model.Weight;
import dev.graft.spi.objective.Batch;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EwcTest {
    private static final Map<String, Object> KEYS = Map.of("lambda", 1e5, "fisher_examples", 4);

    @TempDir
    private Path directory;

    private Bench bench;
    private LoadedModel model;
    private ThreeTasks tasks;

    @BeforeEach
    void open() {
        bench = new Bench();
        model = ThreeTasks.model(bench, 1);
        tasks = new ThreeTasks(bench, model, 1, 2);
    }

    @AfterEach
    void close() {
        model.close();
        bench.close();
    }

    @TestFactory
    Stream<DynamicTest> fisherInformationPenaltiesAndLossesAreThoseOfReferenceCases() {
        return ReferenceTests.adapters(new EwcProvider(), "objectives");
    }

    @Test
    void aCaseOfAnotherLambdaFails() throws IOException {
        Path fixtures = ReferenceCase.folder("objectives/ewc").orElse(null);
        assumeTrue(fixtures != null, "no reference cases");
        Path copy = Files.createDirectories(directory.resolve("objectives/ewc"));
        Files.createSymbolicLink(
                directory.resolve("models"),
                fixtures.getParent().resolveSibling("models").toRealPath());
        Files.copy(fixtures.resolve("expected.safetensors"), copy.resolve("expected.safetensors"));
        Map<String, Object> description = new TreeMap<>(JsonFile.read(fixtures.resolve("case.json")));
        description.put("lambda", 2 * ((Number) description.get("lambda")).doubleValue());
        JsonFile.write(copy.resolve("case.json"), description);
        List<CaseReport> reports = new ArrayList<>();

        new FixtureVerifier(bench.registry(), bench.engine()).verify(directory.resolve("objectives"), reports::add);

        assertThat(reports).hasSize(1);
        assertThat(reports.get(0).status()).isEqualTo(CaseReport.Status.FAIL);
        assertThat(reports.get(0).reason()).contains("penalties differs by");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lora", "full", "adapter"})
    void anyMethodIsHeldOnTo(String method) {
        List<AttachedAdapter> adapters = new ArrayList<>();
        adapters.add(attach(bench.registry().method(method), Map.of(), List.of()));
        adapters.add(attach(new EwcProvider(), KEYS, adapters));
        tasks.learn(adapters, 0);
        tasks.calibrate(adapters, 0);
        AdapterLoader loader = new AdapterLoader(bench.registry());
        loader.save(directory.resolve("one"), "base", model, adapters);
        List<AttachedAdapter> next = loader.load(directory.resolve("one"), model);

        double before = Run.penalty(bench.tensors(), next);
        double penalty = tasks.learn(next, 1).metrics().get("penalty");

        assertThat(before).isZero();
        assertThat(penalty).isPositive();
        assertThat(Run.state(bench.tensors(), next.get(1)))
                .hasSize(2 * adapters.get(0).attachment().parameters().size());
        release(adapters);
        release(next);
    }

    private <C extends Record> AttachedAdapter attach(
            MethodProvider<C> method, Map<String, Object> keys, List<AttachedAdapter> below) {
        C configuration = ConfigurationBinder.bind(method.configuration(), keys, "method");
        AdapterBuilder.Setting setting = AdapterBuilder.Setting.fresh(method.id(), 1);
        return AdapterBuilder.attach(model, method, configuration, setting.over(below, List.of()));
    }

    private static void release(List<AttachedAdapter> adapters) {
        adapters.forEach(AttachedAdapter::release);
    }

    @Test
    void nothingOfItsOwnLearns() {
        List<AttachedAdapter> adapters = tasks.fresh(KEYS);

        assertThat(new EwcProvider()
                        .trainableParameters(
                                model.view(), ConfigurationBinder.bind(EwcConfig.class, Map.of(), "method")))
                .isZero();
        assertThat(new TrainedParameters(List.of(adapters.get(1))).elements()).isZero();
        release(adapters);
    }

    @Test
    void logitsOfMixedRowsAreThoseWithoutItToTheBit() {
        List<AttachedAdapter> adapters = tasks.fresh(KEYS);
        tasks.learn(adapters, 0);
        tasks.calibrate(adapters, 0);

        float[] with = logits(RowAssignment.rows(List.of(adapters, List.of(), adapters)));
        float[] without =
                logits(RowAssignment.rows(List.of(adapters.subList(0, 1), List.of(), adapters.subList(0, 1))));

        assertThat(with).isEqualTo(without);
        release(adapters);
    }

    private float[] logits(RowAssignment rows) {
        long[][] ids = {{2, 3, 4, 9}, {2, 7, 5, 3}, {2, 12, 6, 8}};
        long[][] mask = {{1, 1, 1, 1}, {1, 1, 1, 1}, {1, 1, 1, 1}};
        try (Scope scope = bench.tensors().scope()) {
            return model.forward(bench.input(ids, mask), rows, PassOptions.inference())
                    .logits()
                    .floats();
        }
    }

    @Test
    void itMergesIntoNothing() {
        List<AttachedAdapter> adapters = tasks.fresh(KEYS);

        assertThat(adapters.get(1).attachment().merge()).isEmpty();
        release(adapters);
    }

    @Test
    void theBaseStaysAsItWasAndNoArrayIsLeft() {
        List<float[]> weights = model.weights().all().stream()
                .map(Weight::tensor)
                .map(tensor -> tensor.floats())
                .toList();
        release(twoTasks(directory.resolve("a")));
        long live = bench.engine().liveArrays();

        release(twoTasks(directory.resolve("b")));

        assertThat(bench.engine().liveArrays()).isEqualTo(live);
        for (int i = 0; i < weights.size(); i++) {
            assertThat(model.weights().all().get(i).tensor().floats()).isEqualTo(weights.get(i));
        }
    }

    private List<AttachedAdapter> twoTasks(Path saved) {
        AdapterLoader loader = new AdapterLoader(bench.registry());
        List<AttachedAdapter> adapters = tasks.fresh(KEYS);
        tasks.learn(adapters, 0);
        tasks.calibrate(adapters, 0);
        loader.save(saved, "base", model, adapters);
        release(adapters);
        List<AttachedAdapter> next = loader.load(saved, model);
        tasks.learn(next, 1);
        tasks.calibrate(next, 1);
        Run.state(bench.tensors(), next.get(1));
        return next;
    }

    @Test
    void itMustStandBehindWhatLearns() {
        assertThatThrownBy(() -> attach(new EwcProvider(), KEYS, List.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("ewc must stand after the methods that learn")
                .hasMessageNotContaining("\n");
    }

    @Test
    void whatIsFrozenIsNotHeldOnTo() {
        List<AttachedAdapter> adapters = tasks.fresh(null);
        adapters.get(0).freeze();

        assertThatThrownBy(() -> attach(new EwcProvider(), KEYS, adapters))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("nothing to hold on to");
        release(adapters);
    }

    @Test
    void anObjectiveThatCannotDrawAnswersIsRefusedBeforeTraining() {
        List<AttachedAdapter> adapters = tasks.fresh(Map.of("fisher", "sampled"));

        List<Function<Tensors, Batch>> never = List.of(tensors -> {
            throw new AssertionError("an example was looked at");
        });

        assertThatThrownBy(() -> new Calibrator(model, adapters, new FixedLabels(Task.SEQ_CLS), never, 1))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("has no distribution to draw them from")
                .hasMessageNotContaining("\n");
        release(adapters);
    }

    @Test
    void anAdapterOfAnotherShapeIsRefused() {
        List<AttachedAdapter> kept = twoTasks(directory.resolve("kept"));
        release(kept);
        AttachedAdapter other = attach(bench.registry().method("lora"), Map.of("r", 2), List.of());

        assertThatThrownBy(() ->
                        new AdapterLoader(bench.registry()).load(directory.resolve("kept/ewc"), model, List.of(other)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("has shape")
                .hasMessageContaining("task.0.fisher.lora.")
                .hasMessageNotContaining("\n");
        other.release();
    }

    @Test
    void keysOutOfRangeAreRefused() {
        for (Map<String, Object> keys : List.<Map<String, Object>>of(
                Map.of("lambda", -1), Map.of("gamma", 1.5), Map.of("fisher_examples", 0), Map.of("mode", "both"))) {
            String key = keys.keySet().iterator().next();
            assertThatThrownBy(() -> ConfigurationBinder.bind(EwcConfig.class, keys, "method"))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(key)
                    .hasMessageNotContaining("\n");
        }
    }
}
