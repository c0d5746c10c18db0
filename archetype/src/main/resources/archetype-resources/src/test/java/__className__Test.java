package ${package};

import dev.graft.kernel.testing.MethodChecks;
import dev.graft.kernel.testing.SmallModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class ${className}Test {
    @TempDir
    private Path directory;

    @TestFactory
    Stream<DynamicNode> itStandsWhatEveryMethodMust() {
        return Stream.of(Map.<String, Object>of(), Map.<String, Object>of("target_modules", List.of("q_proj", "v_proj")))
                .map(keys -> MethodChecks.of(new ${className}Provider(), SmallModel.llama(), keys)
                        .refusingToMerge("cannot be merged")
                        .tests(directory));
    }
}
