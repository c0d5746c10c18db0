package dev.graft.methods.lora;

import dev.graft.kernel.testing.ReferenceTests;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class LoraReferenceTest {
    @TestFactory
    Stream<DynamicTest> adaptersOfTheReferenceGiveItsLogitsAndTrainAsItDoes() {
        return ReferenceTests.adapters(new LoraProvider(), "peft");
    }
}
