package dev.graft.methods.ia3;

import dev.graft.kernel.testing.MethodChecks;
import dev.graft.kernel.testing.ReferenceTests;
import dev.graft.kernel.testing.SmallModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class Ia3Test {
    private static final Ia3Provider IA3 = new Ia3Provider();

    @TempDir
    private Path directory;

    @TestFactory
    Stream<DynamicNode> itStandsWhatEveryMethodMust() {
        return Stream.of(
                        MethodChecks.of(IA3, SmallModel.llama(), Map.of()),
                        MethodChecks.of(
                                IA3,
                                SmallModel.llama(),
                                Map.of("target_modules", "all-linear", "modules_to_save", List.of("lm_head"))),
                        MethodChecks.of(IA3, SmallModel.qwen2(), Map.of()),
                        MethodChecks.of(IA3, SmallModel.gpt2(), Map.of("modules_to_save", List.of("wte"))),
                        MethodChecks.of(
                                        IA3,
                                        SmallModel.gpt2(),
                                        Map.of("target_modules", List.of("lm_head", "c_fc"), "init_ia3_weights", false))
                                .changingLogitsWhenFresh(),
                        MethodChecks.of(IA3, SmallModel.bertClassifier(), Map.of()))
                .map(checks -> checks.tests(directory));
    }

    @TestFactory
    Stream<DynamicTest> adaptersOfTheReferenceGiveItsLogitsAndTrainAsItDoes() {
        return ReferenceTests.adapters(IA3, "peft");
    }
}
