package dev.graft.kernel.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.host.HostEngine;
import dev.graft.kernel.sample.ShiftMethod;
import dev.graft.kernel.sample.SmallDecoder;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.config.NoOptions;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.Input;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GeneratorTest {
    private static final int MAX_POSITIONS = 24;
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789 .,!";

    private final HostEngine engine = new HostEngine();
    private final GraftTensors tensors = new GraftTensors(engine);
    private final LoadedModel model = SmallDecoder.load(tensors, DType.FLOAT64, MAX_POSITIONS);
    private final AttachedAdapter first = adapter("first", 1);
    private final AttachedAdapter second = adapter("second", 2);
    private final Generator generator = new Generator(model, BytesTokenizer.characters(ALPHABET));
    private long arraysBefore;

    @BeforeEach
    void warmUp() {
        generator.generate(request(SamplingOptions.greedy(1), List.of(), 1));
        arraysBefore = engine.liveArrays();
    }

    @AfterEach
    void everythingIsFreed() {
        assertThat(engine.liveArrays()).isEqualTo(arraysBefore);
        assertThat(first.references()).isEqualTo(1);
        first.release();
        second.release();
        model.close();
        assertThat(engine.liveArrays()).isZero();
    }

    @Test
    void theCacheGivesWhatComputingEverythingAgainGives() {
        GenerationRequest request = request(SamplingOptions.greedy(12), List.of(first), 3, 1, 4);

        assertThat(generator.generate(request).ids()).containsExactly(greedyWithoutCache(request, 12));
    }

    private int[] greedyWithoutCache(GenerationRequest request, int tokens) {
        List<Integer> ids =
                new ArrayList<>(Arrays.stream(request.prompt()).boxed().toList());
        for (int i = 0; i < tokens; i++) {
            try (Scope scope = tensors.scope()) {
                long[] all = ids.stream().mapToLong(Integer::longValue).toArray();
                Input input = Input.of(tensors.of(all, Shape.of(1, all.length)), null);
                Tensor logits = model.forward(input, RowAssignment.all(request.adapters()), PassOptions.inference())
                        .logits();
                long[] best = logits.argMax(-1).longs();
                ids.add((int) best[best.length - 1]);
            }
        }
        return ids.stream()
                .skip(request.prompt().length)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    @Test
    void rowsOfOneBatchGetWhatEachGetsAlone() {
        SamplingOptions sampled = SamplingOptions.greedy(15).withTemperature(1.5);
        List<GenerationRequest> requests = List.of(
                request(SamplingOptions.greedy(10), List.of(), 3, 1, 4, 1, 5),
                request(sampled.withSeed(7), List.of(first), 2),
                request(sampled.withSeed(8).withRepetitionPenalty(1.3), List.of(second), 9, 9),
                request(sampled.withSeed(7).withTop(5, 0.9).withLength(0, 4), List.of(first, second), 2, 7, 1, 8),
                request(sampled.withSeed(8), List.of(), 9, 9));

        List<Generation> together = generator.generate(requests, TokenListener.none());

        for (int i = 0; i < requests.size(); i++) {
            Generation alone = generator.generate(requests.get(i));
            assertThat(together.get(i).ids()).as("row %d", i).containsExactly(alone.ids());
            assertThat(together.get(i).text()).isEqualTo(alone.text());
            assertThat(together.get(i).finish()).isEqualTo(alone.finish());
        }
        assertThat(together.get(2).ids()).isNotEqualTo(together.get(4).ids());
    }

    @Test
    void theSameSeedGivesTheSameTokensAndAnotherSeedOthers() {
        SamplingOptions options = SamplingOptions.greedy(12).withTemperature(2);

        assertThat(ids(options.withSeed(5))).isEqualTo(ids(options.withSeed(5)));
        assertThat(ids(options.withSeed(5))).isNotEqualTo(ids(options.withSeed(6)));
    }

    @Test
    void anEndTokenEndsTheRow() {
        List<Integer> free = ids(SamplingOptions.greedy(8));
        int end = free.get(3);
        GenerationRequest request = request(SamplingOptions.greedy(8).withEndTokens(Set.of(end, 39)), List.of(), 3, 1);

        Generation generation = generator.generate(request);

        assertThat(generation.finish()).isEqualTo(FinishReason.END_TOKEN);
        assertThat(boxed(generation)).isEqualTo(free.subList(0, free.indexOf(end) + 1));
    }

    @Test
    void aStopStringEndsTheRowAndIsCutOff() {
        String free = text(SamplingOptions.greedy(8));
        String stop = free.substring(4, 6);
        GenerationRequest request = request(SamplingOptions.greedy(8).withStopStrings(List.of(stop)), List.of(), 3, 1);
        StringBuilder streamed = new StringBuilder();

        Generation generation = generator
                .generate(List.of(request), (row, id, text) -> {
                    streamed.append(text);
                    return true;
                })
                .get(0);

        assertThat(generation.finish()).isEqualTo(FinishReason.STOP_STRING);
        assertThat(generation.text()).isEqualTo(free.substring(0, free.indexOf(stop)));
        assertThat(streamed).hasToString(generation.text());
    }

    @Test
    void aRowThatReachesTheLastPositionLeavesTheOthersAlone() {
        int[] prompt = IntStream.range(0, 20).toArray();
        GenerationRequest tall = request(SamplingOptions.greedy(30), List.of(), prompt);
        GenerationRequest small = request(SamplingOptions.greedy(18), List.of(first), 3, 1);

        List<Generation> generations = generator.generate(List.of(tall, small), TokenListener.none());

        assertThat(generations.get(0).finish()).isEqualTo(FinishReason.MAX_POSITIONS);
        assertThat(generations.get(0).ids()).hasSize(MAX_POSITIONS - prompt.length + 1);
        assertThat(generations.get(1).finish()).isEqualTo(FinishReason.MAX_NEW_TOKENS);
        assertThat(generations.get(1).ids()).hasSize(18);
    }

    @Test
    void theListenerHearsEveryTokenAndMayEndARow() {
        SamplingOptions options = SamplingOptions.greedy(6);
        List<List<Integer>> heard = List.of(new ArrayList<>(), new ArrayList<>());

        List<Generation> generations = generator.generate(
                List.of(request(options, List.of(), 3, 1), request(options, List.of(), 4)), (row, id, text) -> {
                    heard.get(row).add(id);
                    return row == 0 || heard.get(row).size() < 2;
                });

        assertThat(boxed(generations.get(0))).isEqualTo(heard.get(0)).hasSize(6);
        assertThat(boxed(generations.get(1))).isEqualTo(heard.get(1)).hasSize(2);
        assertThat(generations.get(1).finish()).isEqualTo(FinishReason.CANCELLED);
    }

    @Test
    void whatCannotBeGeneratedFromIsNamed() {
        SamplingOptions options = SamplingOptions.greedy(2);

        assertThatThrownBy(() -> request(options, List.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("a prompt is empty; it must hold at least one token");
        assertThatThrownBy(() -> generator.generate(request(options, List.of(first), 1, 40)))
                .hasMessage("token id 40 at row 0, position 1 is outside the vocabulary of 40 entries");
        assertThatThrownBy(() -> generator.generate(
                        request(options, List.of(), IntStream.range(0, 25).toArray())))
                .hasMessage("a sequence of 25 tokens is longer than the 24 positions this model has");
        assertThatThrownBy(() -> new Generator(model, null)
                        .generate(request(options.withStopStrings(List.of("x")), List.of(), 1)))
                .hasMessage("stop strings need a tokenizer; this model has none");
    }

    private AttachedAdapter adapter(String name, long seed) {
        return AdapterBuilder.attach(
                model, new ShiftMethod(), new NoOptions(), AdapterBuilder.Setting.fresh(name, seed));
    }

    private List<Integer> ids(SamplingOptions options) {
        return boxed(generator.generate(request(options, List.of(), 3, 1)));
    }

    private String text(SamplingOptions options) {
        return generator.generate(request(options, List.of(), 3, 1)).text();
    }

    private static List<Integer> boxed(Generation generation) {
        return Arrays.stream(generation.ids()).boxed().toList();
    }

    private static GenerationRequest request(SamplingOptions options, List<AttachedAdapter> adapters, int... prompt) {
        return new GenerationRequest(prompt, adapters, options);
    }
}
