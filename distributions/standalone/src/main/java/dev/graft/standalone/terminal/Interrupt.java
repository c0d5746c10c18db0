package dev.graft.standalone.terminal;

/**
 * Ctrl-C asks politely the first time; the second time it ends the process as it usually does. A request of the system to
 * end ({@code SIGTERM}) counts as well.
 */
public final class Interrupt implements AutoCloseable {
    private static final String[] SIGNALS = {"INT", "TERM"};

    private final sun.misc.SignalHandler[] before = new sun.misc.SignalHandler[SIGNALS.length];

    private Interrupt(Runnable first) {
        for (int i = 0; i < SIGNALS.length; i++) {
            before[i] = handle(SIGNALS[i], signal -> {
                restore();
                first.run();
            });
        }
    }

    /** Runs something, on a thread of its own, at the first Ctrl-C until this is closed. */
    public static Interrupt first(Runnable action) {
        return new Interrupt(action);
    }

    @Override
    public void close() {
        restore();
    }

    private void restore() {
        for (int i = 0; i < SIGNALS.length; i++) {
            if (before[i] != null) {
                handle(SIGNALS[i], before[i]);
            }
        }
    }

    /** What handled the signal until now; null where the system or the runtime keeps it to itself. */
    private static sun.misc.SignalHandler handle(String name, sun.misc.SignalHandler handler) {
        try {
            return sun.misc.Signal.handle(new sun.misc.Signal(name), handler);
        } catch (IllegalArgumentException unavailable) {
            return null;
        }
    }
}
