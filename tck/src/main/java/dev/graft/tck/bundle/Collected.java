package dev.graft.tck.bundle;

import dev.graft.tck.rule.Expect;
import java.lang.ref.WeakReference;

/** A class loader that should be collected. */
public final class Collected {
    private static final int COLLECTIONS = 20;

    private final WeakReference<ClassLoader> loader;

    private Collected(ClassLoader loader) {
        this.loader = new WeakReference<>(loader);
    }

    /** A class loader. */
    public static Collected of(ClassLoader loader) {
        return new Collected(loader);
    }

    /** The class loader of something. */
    public static Collected loaderOf(Object made) {
        return new Collected(made.getClass().getClassLoader());
    }

    /** It is gone after a few collections. */
    public void expect(String after) throws InterruptedException {
        for (int i = 0; i < COLLECTIONS && loader.get() != null; i++) {
            System.gc();
            Thread.sleep(10L * i);
        }
        Expect.that(loader.get() == null, "its class loader is still there " + after);
    }
}
