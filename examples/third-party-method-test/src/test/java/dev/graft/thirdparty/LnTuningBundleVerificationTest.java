package dev.graft.thirdparty;

import dev.graft.tck.junit.BundleVerification;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LnTuningBundleVerificationTest extends BundleVerification {
    @TempDir
    private static Path scratch;

    @Override
    protected Path jar() throws IOException {
        try (Bundle bundle = Bundle.open(scratch)) {
            return bundle.jar();
        }
    }
}
