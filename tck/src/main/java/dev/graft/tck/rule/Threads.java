package dev.graft.tck.rule;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The threads that there were at a moment.
 *
 * @param there those that were alive
 */
public record Threads(Set<Thread> there) {
    private static final long PAUSE_MILLIS = 5;

    /** Those of this moment. */
    public static Threads now() {
        return new Threads(Thread.getAllStackTraces().keySet());
    }

    /**
     * There are no more than there were; those of the system do not count.
     *
     * @param patience how often to look again, a little later each time, since threads take their time to end
     */
    public void expectNoMore(int patience) throws InterruptedException {
        Set<Thread> more = more();
        for (int i = 0; i < patience && !more.isEmpty(); i++) {
            Thread.sleep(PAUSE_MILLIS * i);
            more = more();
        }
        Expect.that(
                more.isEmpty(),
                "threads left: " + more.stream().map(Thread::getName).toList());
    }

    private Set<Thread> more() {
        Set<Thread> more = new HashSet<>(Thread.getAllStackTraces().keySet());
        more.removeAll(there);
        more.removeIf(thread -> !thread.isAlive() || thread.getContextClassLoader() == null);
        return more;
    }

    /** Runs everything at the same time, each in a thread of its own; when all have ended, what one of them threw is thrown. */
    public static void together(List<Callable<Void>> runs) throws InterruptedException, ExecutionException {
        ExecutorService executor = Executors.newFixedThreadPool(runs.size());
        try {
            for (Future<Void> run : executor.invokeAll(runs)) {
                run.get();
            }
        } finally {
            executor.shutdown();
        }
    }
}
