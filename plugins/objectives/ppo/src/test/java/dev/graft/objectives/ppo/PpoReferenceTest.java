package dev.graft.objectives.ppo;

import dev.graft.kernel.testing.ReferenceTests;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class PpoReferenceTest {
    @TestFactory
    Stream<DynamicTest> casesEqualTheReference() {
        return ReferenceTests.objectives("ppo");
    }
}
