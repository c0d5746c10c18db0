package ${package};

import dev.graft.spi.method.MethodProvider;
import dev.graft.tck.junit.MethodVerification;

/** The rules for methods, a test each. */
class ${className}VerificationTest extends MethodVerification {
    @Override
    protected MethodProvider<?> method() {
        return new ${className}Provider();
    }
}
