package dev.graft.standalone.terminal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jline.utils.Signals;

/**
 * Ctrl-C asks politely the first time; the second time it ends the process as it usually does. A request of the system to
 * end ({@code SIGTERM}) counts as well.
 */
public final class Interrupt implements AutoCloseable {
    private static final List<String> SIGNALS = List.of("INT", "TERM");

    private final Map<String, Object> before = new LinkedHashMap<>();

    private Interrupt(Runnable first) {
        SIGNALS.forEach(signal -> before.put(signal, Signals.register(signal, () -> {
            close();
            first.run();
        })));
    }

    /** Runs something, on a thread of its own, at the first Ctrl-C until this is closed. */
    public static Interrupt first(Runnable action) {
        return new Interrupt(action);
    }

    /** Gives the signals back to whoever had them, if they are not given back already. */
    @Override
    public void close() {
        synchronized (before) {
            before.forEach(Signals::unregister);
            before.clear();
        }
    }
}
