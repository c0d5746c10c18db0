package dev.graft.engines.torch;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/**
 * Loads libtorch and the BLAS behind it, once per process. JavaCPP's own accounting of native memory is switched off
 * unless the program's system properties say otherwise: it would collect garbage, and then fail, when the process
 * holds more than a multiple of the Java heap, and it would let the garbage collector free what a {@link Ledger}
 * frees by itself.
 */
final class Natives {
    private static final String BLAS_PROPERTY = "org.bytedeco.openblas.load";
    private static boolean loaded;

    private Natives() {}

    /**
     * Makes libtorch usable.
     *
     * @throws IllegalStateException if a library is missing or does not fit this machine
     */
    static synchronized void load(TorchOptions.Blas blas) {
        if (loaded) {
            return;
        }
        setDefault("org.bytedeco.javacpp.nopointergc", "true");
        setDefault("org.bytedeco.javacpp.maxbytes", "0");
        setDefault("org.bytedeco.javacpp.maxphysicalbytes", "0");
        if (blas == TorchOptions.Blas.AUTO && mklIsThere()) {
            setDefault(BLAS_PROPERTY, "mkl_rt");
        }
        try {
            Loader.load(torch.class);
        } catch (UnsatisfiedLinkError error) {
            throw new IllegalStateException(
                    "libtorch cannot be loaded on " + Loader.Detector.getPlatform() + ": " + error.getMessage(), error);
        }
        loaded = true;
    }

    /** The library that multiplies plain matrices. */
    static String blas() {
        return "mkl_rt".equals(System.getProperty(BLAS_PROPERTY)) ? "MKL" : "OpenBLAS";
    }

    private static boolean mklIsThere() {
        String platform = Loader.Detector.getPlatform();
        String library = platform.startsWith("windows") ? "mkl_rt.2.dll" : "libmkl_rt.so.2";
        ClassLoader loader = Natives.class.getClassLoader();
        return loader.getResource("org/bytedeco/mkl/" + platform + "/" + library) != null;
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
