package dev.graft.kernel.checkpoint;

import dev.graft.kernel.checkpoint.HubClient.Metadata;
import dev.graft.spi.config.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Downloads one content into the cache. What has arrived is kept in {@code <tag>.incomplete}, from which this or a later
 * run goes on; only a complete content whose checksum is right gets its name.
 */
final class HubDownload {
    /** After so many attempts that broke off, one that brings nothing new ends the download. */
    private static final int ATTEMPTS = 5;

    private static final int PIECE = 1 << 20;

    private final HubClient client;
    private final HubRepository repository;
    private final DownloadListener listener;

    HubDownload(HubClient client, HubRepository repository, DownloadListener listener) {
        this.client = client;
        this.repository = repository;
        this.listener = listener;
    }

    /** Brings a file's content into the cache, unless it is there, and links it into its commit's folder. */
    void fetch(String id, String commit, String file) throws IOException {
        Metadata metadata = client.metadata(id, commit, file);
        Path blob = repository.blob(metadata.tag());
        Path lock = repository.lock(metadata.tag());
        Files.createDirectories(blob.getParent());
        Files.createDirectories(lock.getParent());
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            if (Files.notExists(blob)) {
                download(id, commit, file, metadata, blob);
            }
        }
        repository.link(commit, file, metadata.tag());
    }

    private void download(String id, String commit, String file, Metadata metadata, Path blob) throws IOException {
        Path incomplete = blob.resolveSibling(metadata.tag() + ".incomplete");
        int failures = 0;
        listener.progress(file, size(incomplete), metadata.size());
        while (!receive(id, commit, file, metadata, incomplete, failures)) {
            failures++;
        }
        verify(file, metadata, incomplete);
        Files.move(incomplete, blob, StandardCopyOption.ATOMIC_MOVE);
    }

    /** One attempt; false if it broke off and another one makes sense. */
    private boolean receive(String id, String commit, String file, Metadata metadata, Path incomplete, int failures)
            throws IOException {
        long have = size(incomplete);
        if (metadata.size() >= 0 && have > metadata.size()) {
            Files.delete(incomplete);
            have = 0;
        }
        if (have == metadata.size()) {
            if (have == 0) {
                Files.write(incomplete, new byte[0]);
            }
            return true;
        }
        try {
            HttpResponse<InputStream> response = client.content(id, commit, file, have);
            append(response, incomplete, response.statusCode() == 206 ? have : 0, file, metadata.size());
            long received = size(incomplete);
            if (metadata.size() >= 0 && received != metadata.size()) {
                throw new IOException("the server sent " + received + " of " + metadata.size() + " bytes");
            }
            return true;
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            long received = size(incomplete);
            boolean forward = received > have && received < metadata.size();
            if (!forward && failures >= ATTEMPTS) {
                throw e;
            }
            return false;
        }
    }

    private void append(HttpResponse<InputStream> response, Path incomplete, long from, String file, long total)
            throws IOException {
        StandardOpenOption mode = from > 0 ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
        try (InputStream in = response.body();
                OutputStream out =
                        Files.newOutputStream(incomplete, StandardOpenOption.CREATE, StandardOpenOption.WRITE, mode)) {
            long done = from;
            byte[] piece = new byte[PIECE];
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                out.write(piece, 0, read);
                done += read;
                listener.progress(file, done, total);
            }
        }
    }

    /** Large files are tagged with their SHA-256, others with the SHA-1 that Git gives their content. */
    private static void verify(String file, Metadata metadata, Path content) throws IOException {
        String algorithm = switch (metadata.tag().length()) {
            case 64 -> "SHA-256";
            case 40 -> "SHA-1";
            default -> "";
        };
        if (algorithm.isEmpty() || !metadata.tag().matches("[0-9a-f]+")) {
            return;
        }
        String found = digest(algorithm, content);
        if (!found.equals(metadata.tag())) {
            Files.delete(content);
            throw new ConfigurationException("the downloaded file " + file + " has " + algorithm + " " + found
                    + ", but the server announced " + metadata.tag() + "; it was deleted, try again");
        }
    }

    private static String digest(String algorithm, Path content) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            if (algorithm.equals("SHA-1")) {
                digest.update(("blob " + Files.size(content) + "\0").getBytes(StandardCharsets.US_ASCII));
            }
            try (InputStream in = new DigestInputStream(Files.newInputStream(content), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }

    private static long size(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }
}
