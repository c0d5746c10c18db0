package dev.graft.kernel.adapter;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * An adapter on disk, open for reading.
 *
 * @param directory where it is
 * @param attachments its attachments in the order in which they are attached
 */
public record StoredAdapter(Path directory, List<StoredAttachment> attachments) implements AutoCloseable {
    /** Copies the list. */
    public StoredAdapter {
        attachments = List.copyOf(attachments);
    }

    /** What its base model was loaded from, if its files say so. */
    public Optional<String> basePath() {
        return attachments.stream()
                .map(StoredAttachment::basePath)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Closes all files. */
    @Override
    public void close() {
        attachments.forEach(StoredAttachment::close);
    }
}
