package dev.graft.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/** What time is read from. */
enum Clock {
    /** Time that passes. */
    WALL {
        @Override
        double seconds() {
            return System.nanoTime() / 1e9;
        }
    },
    /**
     * Processor time of all threads of this process, which other programs disturb less. Threads that wait for one another
     * use it up too, so that it tells something with one thread only.
     */
    CPU {
        @Override
        double seconds() {
            return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                            .getProcessCpuTime()
                    / 1e9;
        }
    };

    /** Now, in seconds. */
    abstract double seconds();

    /** What each of several runs takes. */
    double[] time(int runs, Runnable work) {
        double[] times = new double[runs];
        for (int i = 0; i < runs; i++) {
            double start = seconds();
            work.run();
            times[i] = seconds() - start;
        }
        return times;
    }

    /** The middle of some times; of an even number, the larger middle. */
    static double median(double[] times) {
        double[] sorted = times.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
