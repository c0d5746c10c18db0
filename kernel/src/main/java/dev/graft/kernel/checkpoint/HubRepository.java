package dev.graft.kernel.checkpoint;

import dev.graft.kernel.storage.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One model's folder in the Hugging Face cache: contents under {@code blobs} by their tags, the commit that a branch
 * points to under {@code refs}, and under {@code snapshots} one folder for each commit whose files link to contents.
 */
final class HubRepository {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    private final Path cache;
    private final Path folder;

    HubRepository(Path cache, String id) {
        this.cache = cache;
        this.folder = cache.resolve("models--" + id.replace("/", "--"));
    }

    /** The folder of a revision, if it has everything that is needed. */
    Optional<Path> complete(String revision) throws IOException {
        Optional<String> commit = commit(revision);
        if (commit.isEmpty()) {
            return Optional.empty();
        }
        Path snapshot = snapshot(commit.get());
        return isComplete(snapshot) ? Optional.of(snapshot) : Optional.empty();
    }

    /** The folder of a commit. */
    Path snapshot(String commit) {
        return folder.resolve("snapshots").resolve(commit);
    }

    /** Where a content goes. */
    Path blob(String tag) {
        return folder.resolve("blobs").resolve(tag);
    }

    /** The file that is locked while a content is downloaded. */
    Path lock(String tag) {
        return cache.resolve(".locks").resolve(folder.getFileName()).resolve(tag + ".lock");
    }

    /** Notes the commit that a revision stands for. */
    void point(String revision, String commit) {
        if (!revision.equals(commit)) {
            AtomicFile.write(folder.resolve("refs").resolve(revision), commit.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Makes a content visible as a file of a commit; where there are no symbolic links, by a hard link or a copy. */
    void link(String commit, String file, String tag) throws IOException {
        Path link = snapshot(commit).resolve(file);
        if (Files.exists(link)) {
            return;
        }
        Files.createDirectories(link.getParent());
        if (Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
            Files.delete(link);
        }
        Path blob = blob(tag);
        try {
            Files.createSymbolicLink(link, link.getParent().relativize(blob));
        } catch (UnsupportedOperationException | FileSystemException noSymbolicLinks) {
            try {
                Files.createLink(link, blob);
            } catch (UnsupportedOperationException | FileSystemException noHardLinks) {
                Files.copy(blob, link);
            }
        }
    }

    private Optional<String> commit(String revision) throws IOException {
        Path reference = folder.resolve("refs").resolve(revision);
        if (Files.isRegularFile(reference)) {
            return Optional.of(Files.readString(reference).strip())
                    .filter(text -> COMMIT.matcher(text).matches());
        }
        return Optional.of(revision).filter(text -> COMMIT.matcher(text).matches());
    }

    /** Weights are downloaded last: where they are, everything is. */
    private static boolean isComplete(Path snapshot) throws IOException {
        if (Files.exists(snapshot.resolve(WeightFiles.SINGLE))) {
            return true;
        }
        if (Files.exists(snapshot.resolve(ShardIndex.FILE))) {
            return ShardIndex.read(snapshot.resolve(ShardIndex.FILE)).shards().stream()
                    .allMatch(shard -> Files.exists(snapshot.resolve(shard)));
        }
        if (!Files.isDirectory(snapshot)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(snapshot)) {
            return files.anyMatch(file -> file.toString().endsWith(".safetensors"));
        }
    }
}
