package dev.graft.kernel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;

/**
 * What a program takes besides its heap.
 *
 * @param threads how many there are
 * @param handles how many files are open; 0 where the system does not say
 * @param classes how many are loaded
 * @param metaspace bytes of what is kept of classes
 */
public record Footprint(int threads, long handles, int classes, long metaspace) {
    /** The machine's own threads and files, and classes that are first used in between, come and go. */
    private static final int FEW = 2;

    private static final int FEW_CLASSES = 100;
    private static final long LITTLE = 2 << 20;

    /** As it is now, without classes that nobody uses. */
    public static Footprint now() {
        System.gc();
        return new Footprint(
                ManagementFactory.getThreadMXBean().getThreadCount(),
                ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                        ? system.getOpenFileDescriptorCount()
                        : 0,
                ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(),
                ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getName().equals("Metaspace"))
                        .mapToLong(pool -> pool.getUsage().getUsed())
                        .sum());
    }

    /** Waits until all of some class loaders are gone, and until it is what it was before, but for a little. */
    public static void awaitNoMoreThan(Footprint before, List<WeakReference<ClassLoader>> gone) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            Footprint now = now();
            assertThat(gone).isNotEmpty().allMatch(loader -> loader.refersTo(null));
            assertThat(now.threads).as("threads").isLessThanOrEqualTo(before.threads + FEW);
            assertThat(now.handles).as("open files").isLessThanOrEqualTo(before.handles + FEW);
            assertThat(now.classes).as("loaded classes").isLessThanOrEqualTo(before.classes + FEW_CLASSES);
            assertThat(now.metaspace).as("bytes of metaspace").isLessThanOrEqualTo(before.metaspace + LITTLE);
        });
    }
}
