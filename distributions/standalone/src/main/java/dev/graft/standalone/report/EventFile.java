package dev.graft.standalone.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Writes scalars in TensorBoard's event format: a file of TFRecords (length, masked CRC-32C of the length, data, masked
 * CRC-32C of the data), each an {@code Event} protocol buffer. Every event is on disk when its method returns.
 */
public final class EventFile implements AutoCloseable {
    private static final String PREFIX = "events.out.tfevents.";
    private static final String SUFFIX = ".graft";
    private static final String VERSION = "brain.Event:2";

    // fields of tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto
    private static final int EVENT_WALL_TIME = 1;
    private static final int EVENT_STEP = 2;
    private static final int EVENT_FILE_VERSION = 3;
    private static final int EVENT_SUMMARY = 5;
    private static final int EVENT_SESSION_LOG = 7;
    private static final int SESSION_LOG_STATUS = 1;
    private static final int STATUS_START = 1;
    private static final int SUMMARY_VALUE = 1;
    private static final int VALUE_TAG = 1;
    private static final int VALUE_SIMPLE = 2;

    private final OutputStream file;
    private final Clock clock;

    private EventFile(OutputStream file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    /**
     * Starts a new file in a directory, which is created if needed.
     *
     * @param firstStep the step that comes next; what earlier files of the directory say of this step and later ones no
     *     longer counts, since a resumed run takes them again
     */
    public static EventFile create(Path directory, Clock clock, long firstStep) throws IOException {
        Files.createDirectories(directory);
        EventFile events = new EventFile(open(directory, clock.instant()), clock);
        events.write(events.event().text(EVENT_FILE_VERSION, VERSION));
        if (firstStep > 0) {
            ProtobufMessage start = new ProtobufMessage().number(SESSION_LOG_STATUS, STATUS_START);
            events.write(events.event().number(EVENT_STEP, firstStep).message(EVENT_SESSION_LOG, start));
        }
        return events;
    }

    /** Removes the event files of a directory, for a run that takes the place of another. */
    public static void clear(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, PREFIX + "*" + SUFFIX)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    /** Opens a file of a name of its own, later ones after earlier ones in the order of names. */
    private static OutputStream open(Path directory, Instant now) throws IOException {
        for (int count = 0; ; count++) {
            String name = PREFIX + now.getEpochSecond() + "."
                    + ProcessHandle.current().pid() + "." + count + SUFFIX;
            try {
                return Files.newOutputStream(
                        directory.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            } catch (FileAlreadyExistsException taken) {
                // this process began another file within the same second
            }
        }
    }

    /** Writes figures of one step by their tags, for instance {@code train/loss}. */
    public void scalars(long step, Map<String, Double> figures) throws IOException {
        ProtobufMessage summary = new ProtobufMessage();
        figures.forEach((tag, value) -> summary.message(
                SUMMARY_VALUE, new ProtobufMessage().text(VALUE_TAG, tag).number(VALUE_SIMPLE, value.floatValue())));
        write(event().number(EVENT_STEP, step).message(EVENT_SUMMARY, summary));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private ProtobufMessage event() {
        Instant now = clock.instant();
        return new ProtobufMessage().number(EVENT_WALL_TIME, now.getEpochSecond() + now.getNano() / 1e9);
    }

    private void write(ProtobufMessage event) throws IOException {
        byte[] data = event.toBytes();
        byte[] length = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(data.length)
                .array();
        ByteBuffer record = ByteBuffer.allocate(Long.BYTES + Integer.BYTES + data.length + Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        record.put(length).putInt(maskedChecksum(length)).put(data).putInt(maskedChecksum(data));
        file.write(record.array());
        file.flush();
    }

    /** A checksum that does not mislead when checksums are themselves checksummed: rotated, plus a constant. */
    static int maskedChecksum(byte[] data) {
        CRC32C checksum = new CRC32C();
        checksum.update(data);
        int value = (int) checksum.getValue();
        return Integer.rotateRight(value, 15) + 0xa282ead8;
    }
}
