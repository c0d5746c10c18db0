package dev.graft.methods.adapterfusion;

import dev.graft.kernel.storage.JsonFile;
import dev.graft.kernel.testing.ReferenceTests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class FusionReferenceTest {
    @TestFactory
    Stream<DynamicTest> adaptersOfTheReferenceGiveItsLogitsAndTrainAsItDoes() {
        return ReferenceTests.cases(FusionReferenceTest::isFusion, "adapterhub");
    }

    private static boolean isFusion(Path directory) {
        Path file = directory.resolve("fusion").resolve("adapter_fusion_config.json");
        return Files.exists(file) && new FusionFormat().recognises(JsonFile.read(file));
    }
}
