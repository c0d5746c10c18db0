package dev.graft.kernel.checkpoint;

import dev.graft.kernel.checkpoint.HubClient.Listing;
import dev.graft.spi.config.ConfigurationException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Models and adapters by their id on the Hugging Face hub. They are looked up in the cache that Hugging Face's own
 * programs use, and downloaded into it in the same layout when they are not there; a model that is there is used without
 * asking the server.
 */
public final class HubCache {
    private static final Pattern ID = Pattern.compile("(?!.*(--|\\.\\.))[A-Za-z0-9_][\\w.-]*(/[A-Za-z0-9_][\\w.-]*)?");
    private static final Pattern REVISION = Pattern.compile("(?!.*\\.\\.)\\w[\\w./-]*");
    private static final String DEFAULT_REVISION = "main";

    private final HubSettings settings;

    /** A cache with these settings; see {@link HubSettings#from}. */
    public HubCache(HubSettings settings) {
        this.settings = settings;
    }

    /** Whether a text can be an id, with or without {@code @revision}. */
    public static boolean isId(String text) {
        int at = text.indexOf('@');
        return ID.matcher(at < 0 ? text : text.substring(0, at)).matches()
                && (at < 0 || REVISION.matcher(text.substring(at + 1)).matches());
    }

    /**
     * The directory of a model given as {@code org/name} or {@code org/name@revision}; see
     * {@link #directory(String, Optional, DownloadListener)}.
     */
    public Path directory(String id, DownloadListener listener) {
        int at = id.indexOf('@');
        return at < 0
                ? directory(id, Optional.empty(), listener)
                : directory(id.substring(0, at), Optional.of(id.substring(at + 1)), listener);
    }

    /**
     * The directory of a model, downloading it if it is not in the cache. One download runs at a time.
     *
     * @param id {@code org/name}
     * @param revision a branch, tag or commit; {@code main} where empty
     * @throws ConfigurationException if it is not there and cannot be downloaded, saying why
     */
    public synchronized Path directory(String id, Optional<String> revision, DownloadListener listener) {
        String state = revision.orElse(DEFAULT_REVISION);
        if (!ID.matcher(id).matches() || !REVISION.matcher(state).matches()) {
            throw new ConfigurationException("'" + id + (revision.isPresent() ? "@" + state : "")
                    + "' is neither a directory nor an id of the form org/name or org/name@revision");
        }
        HubRepository repository = new HubRepository(settings.cache(), id);
        try {
            Optional<Path> cached = repository.complete(state);
            if (cached.isPresent()) {
                return cached.get();
            }
            if (settings.offline()) {
                throw new ConfigurationException("model '" + id + "' is not in the cache " + settings.cache()
                        + ", and HF_HUB_OFFLINE forbids downloading it");
            }
            return download(id, state, repository, listener);
        } catch (OverlappingFileLockException e) {
            throw new ConfigurationException(
                    "model '" + id + "' is being downloaded by another part of this program", e);
        } catch (IOException e) {
            throw new ConfigurationException(
                    "model '" + id + "' is not in the cache " + settings.cache() + " and cannot be downloaded from "
                            + settings.endpoint() + ": " + reason(e) + "; HF_ENDPOINT names another server",
                    e);
        }
    }

    private Path download(String id, String revision, HubRepository repository, DownloadListener listener)
            throws IOException {
        HubClient client = new HubClient(settings);
        Listing listing = client.list(id, revision);
        List<String> files = listing.files();
        HubDownload download = new HubDownload(client, repository, listener);
        Path snapshot = repository.snapshot(listing.commit());
        if (!files.contains(ShardIndex.FILE)) {
            HubFiles.weights(id, files, List.of());
        }
        for (String file : HubFiles.descriptions(files)) {
            download.fetch(id, listing.commit(), file);
        }
        List<String> shards = Files.exists(snapshot.resolve(ShardIndex.FILE))
                ? ShardIndex.read(snapshot.resolve(ShardIndex.FILE)).shards()
                : List.of();
        for (String file : HubFiles.weights(id, files, shards)) {
            download.fetch(id, listing.commit(), file);
        }
        repository.point(revision, listing.commit());
        return snapshot;
    }

    private static String reason(IOException cause) {
        if (cause instanceof ConnectException) {
            return "no connection";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
