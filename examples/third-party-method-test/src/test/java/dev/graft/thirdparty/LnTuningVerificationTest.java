package dev.graft.thirdparty;

import dev.graft.spi.method.MethodProvider;
import dev.graft.tck.junit.MethodVerification;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class LnTuningVerificationTest extends MethodVerification {
    private static Bundle bundle;

    @BeforeAll
    static void openTheJar(@TempDir Path scratch) throws IOException {
        bundle = Bundle.open(scratch);
    }

    @AfterAll
    static void closeTheJar() throws IOException {
        bundle.close();
    }

    @Override
    protected MethodProvider<?> method() {
        return bundle.method();
    }
}
