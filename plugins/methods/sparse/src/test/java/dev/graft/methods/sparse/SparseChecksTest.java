package dev.graft.methods.sparse;

import dev.graft.kernel.testing.MethodChecks;
import dev.graft.kernel.testing.SmallModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class SparseChecksTest {
    @TempDir
    private Path directory;

    @TestFactory
    Stream<DynamicNode> aFixedMaskStandsWhatEveryMethodMust() {
        return Stream.of(
                        checks(SmallModel.llama(), Map.of("mask", "random", "density", 0.1)),
                        checks(SmallModel.gpt2(), Map.of("mask", "random", "density", 0.2, "biases", true)),
                        checks(
                                SmallModel.bertClassifier(),
                                Map.of(
                                        "mask",
                                        "random",
                                        "density",
                                        0.05,
                                        "target_modules",
                                        List.of("query", "LayerNorm", "word_embeddings"),
                                        "seed",
                                        7)))
                .map(checks -> checks.tests(directory));
    }

    private static MethodChecks<SparseConfig> checks(SmallModel small, Map<String, Object> keys) {
        return MethodChecks.of(new SparseProvider(), small, keys);
    }
}
