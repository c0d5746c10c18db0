package dev.graft.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.generate.Generation;
import dev.graft.kernel.generate.GenerationRequest;
import dev.graft.kernel.generate.Generator;
import dev.graft.kernel.generate.SamplingOptions;
import dev.graft.kernel.generate.TokenListener;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.MixedRows;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.kernel.testing.Tokens;
import dev.graft.spi.engine.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Batches whose rows use any mix of the installed methods, each with up to three in any order. Every row must give what
 * it gives alone: within 3e-5 in single precision, and within 1e-12 in double precision, which says that what differs is
 * rounding. Rows have three to eight tokens, so that they are padded, and zero to a dozen virtual ones.
 */
class MixedMethodsTest {
    private static final double ROUNDING_OF_DOUBLES = 1e-12;
    private static final int NEW_TOKENS = 4;
    private static final List<SmallModel> MODELS = List.of(SmallModel.llama(), SmallModel.gpt2());

    private static Path scratch;

    /**
     * A batch.
     *
     * @param model which of the models
     * @param methods of every row, by their places among all setups
     * @param prompts of every row
     * @param seed of the adapters
     */
    record Mix(int model, List<List<Integer>> methods, List<int[]> prompts, int seed) {
        @Override
        public String toString() {
            return MODELS.get(model) + " " + methods + " "
                    + prompts.stream().map(Arrays::toString).toList() + " " + seed;
        }
    }

    @BeforeContainer
    static void begin() throws IOException {
        scratch = Files.createTempDirectory("mixed");
    }

    @AfterContainer
    static void end() throws IOException {
        try (var files = Files.walk(scratch)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }

    @Provide
    static Arbitrary<Mix> mixes() {
        int setups;
        try (Bench bench = new Bench()) {
            setups = Setup.ofEveryMethod(bench.registry()).size();
        }
        Arbitrary<List<Integer>> methods = Arbitraries.integers()
                .between(0, setups - 1)
                .list()
                .ofMaxSize(3)
                .uniqueElements();
        Arbitrary<int[]> words = Arbitraries.integers()
                .between(0, Setup.FIRST_PLACE - 1)
                .array(int[].class)
                .ofSize(2);
        Arbitrary<int[]> prompts = Combinators.combine(
                        Arbitraries.integers()
                                .between(0, SmallModel.VOCABULARY - 1)
                                .array(int[].class)
                                .ofMinSize(1)
                                .ofMaxSize(6),
                        words)
                .as(MixedMethodsTest::joined);
        return Arbitraries.integers()
                .between(2, 5)
                .flatMap(rows -> Combinators.combine(
                                Arbitraries.integers().between(0, MODELS.size() - 1),
                                methods.list().ofSize(rows),
                                prompts.list().ofSize(rows),
                                Arbitraries.integers().between(0, 1000))
                        .as(Mix::new));
    }

    private static int[] joined(int[] first, int[] second) {
        int[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void everyRowGivesWhatItGivesAlone(@ForAll("mixes") Mix mix) {
        holds(mix, DType.FLOAT32, MixedRows.TOLERANCE);
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void inDoublePrecisionOnlyTheLastDigitsDiffer(@ForAll("mixes") Mix mix) {
        holds(mix, DType.FLOAT64, ROUNDING_OF_DOUBLES);
    }

    private static void holds(Mix mix, DType dtype, double tolerance) {
        try (Bench bench = new Bench();
                LoadedModel model = load(bench, mix.model(), dtype)) {
            List<Setup> setups = Setup.ofEveryMethod(bench.registry());
            Map<Integer, AttachedAdapter> attached = new LinkedHashMap<>();
            for (List<Integer> row : mix.methods()) {
                for (int choice : row) {
                    attached.computeIfAbsent(
                            choice, key -> setups.get(key).attach(bench, model, dtype, mix.seed() + key));
                }
            }
            List<List<AttachedAdapter>> adapters = mix.methods().stream()
                    .map(row -> row.stream().map(attached::get).toList())
                    .toList();
            MixedRows rows = new MixedRows(adapters, tokens(mix.prompts()), tolerance);
            rows.giveInOnePassWhatTheyGiveAlone(bench, model);
            rows.giveTokenByTokenWhatTheyGiveAloneTokenByToken(bench, model);
            if (attached.keySet().stream()
                    .noneMatch(choice -> setups.get(choice).looksAhead())) {
                rows.giveTokenByTokenWhatTheyGiveAlone(bench, model);
            }
            if (dtype == DType.FLOAT64) {
                generatesTheTokensItGeneratesAlone(model, mix.prompts(), adapters);
            }
            attached.values().forEach(AttachedAdapter::release);
        }
    }

    private static LoadedModel load(Bench bench, int which, DType dtype) {
        Path directory = scratch.resolve("model" + which);
        if (Files.notExists(directory)) {
            MODELS.get(which).write(bench, directory);
        }
        return dtype == DType.FLOAT64 ? bench.loadDouble(directory) : bench.load(directory);
    }

    private static Tokens tokens(List<int[]> prompts) {
        int longest = prompts.stream().mapToInt(prompt -> prompt.length).max().orElseThrow();
        long[][] ids = new long[prompts.size()][longest];
        long[][] mask = new long[prompts.size()][longest];
        for (int row = 0; row < ids.length; row++) {
            int[] prompt = prompts.get(row);
            for (int i = 0; i < prompt.length; i++) {
                ids[row][i] = prompt[i];
                mask[row][i] = 1;
            }
        }
        return new Tokens(ids, mask);
    }

    private static void generatesTheTokensItGeneratesAlone(
            LoadedModel model, List<int[]> prompts, List<List<AttachedAdapter>> adapters) {
        Generator generator = new Generator(model, null);
        List<GenerationRequest> requests = new ArrayList<>();
        for (int row = 0; row < prompts.size(); row++) {
            requests.add(new GenerationRequest(
                    prompts.get(row), adapters.get(row), SamplingOptions.greedy(NEW_TOKENS + row)));
        }
        List<Generation> together = generator.generate(requests, TokenListener.none());
        for (int row = 0; row < prompts.size(); row++) {
            assertThat(together.get(row).ids())
                    .as("row %d", row)
                    .isEqualTo(generator.generate(requests.get(row)).ids());
        }
    }

    /** No shipped method refuses a row of its own, on a model that generates. */
    @Example
    void everyInstalledMethodAttachesToRowsOfItsOwn() {
        try (Bench bench = new Bench()) {
            for (int which = 0; which < MODELS.size(); which++) {
                try (LoadedModel model = load(bench, which, DType.FLOAT32)) {
                    List<AttachedAdapter> all = new ArrayList<>();
                    for (Setup setup : Setup.ofEveryMethod(bench.registry())) {
                        all.add(setup.attach(bench, model, DType.FLOAT32, all.size()));
                    }
                    assertThat(all)
                            .extracting(AttachedAdapter::method)
                            .containsAll(bench.registry().methods().stream()
                                    .map(method -> method.id())
                                    .filter(Setup::standsAlone)
                                    .toList());
                    List<List<AttachedAdapter>> rows =
                            new ArrayList<>(all.stream().map(List::of).toList());
                    rows.add(List.of());
                    MixedRows mixed = MixedRows.random(rows, which);
                    mixed.giveInOnePassWhatTheyGiveAlone(bench, model);
                    all.forEach(AttachedAdapter::release);
                }
            }
        }
    }
}
