package dev.graft.objectives.dpo;

import dev.graft.kernel.testing.ReferenceTests;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class DpoReferenceTest {
    @TestFactory
    Stream<DynamicTest> casesEqualTheReference() {
        return ReferenceTests.objectives("dpo");
    }
}
