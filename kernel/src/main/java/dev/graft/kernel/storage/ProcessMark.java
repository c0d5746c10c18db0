package dev.graft.kernel.storage;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which process something belongs to, for names of files.
 *
 * @param id its number, which another process may get once it is gone
 * @param started when it began, in milliseconds since 1970; 0 where the system does not say
 */
public record ProcessMark(long id, long started) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,18})-(\\d{1,18})(?:-.*)?");

    /** Systems keep the time of a start relative to that of theirs, which they correct a little now and then. */
    private static final long CORRECTION_MILLIS = 2000;

    private static final ProcessMark CURRENT = of(ProcessHandle.current());

    /** This process. */
    public static ProcessMark current() {
        return CURRENT;
    }

    private static ProcessMark of(ProcessHandle process) {
        return new ProcessMark(
                process.pid(),
                process.info().startInstant().map(Instant::toEpochMilli).orElse(0L));
    }

    /** The mark that a name begins with; empty if it does not. */
    public static Optional<ProcessMark> of(String name) {
        Matcher form = FORM.matcher(name);
        return form.matches()
                ? Optional.of(new ProcessMark(Long.parseLong(form.group(1)), Long.parseLong(form.group(2))))
                : Optional.empty();
    }

    /** Whether it still runs. */
    public boolean lives() {
        return ProcessHandle.of(id)
                .filter(ProcessHandle::isAlive)
                .map(ProcessMark::of)
                .filter(found ->
                        found.started == 0 || started == 0 || Math.abs(found.started - started) <= CORRECTION_MILLIS)
                .isPresent();
    }

    @Override
    public String toString() {
        return id + "-" + started;
    }
}
