package dev.graft.kernel.checkpoint;

import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.spi.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of a checkpoint folder that hold tensors. */
final class WeightFiles {
    static final String SINGLE = "model.safetensors";

    private static final Pattern PICKLE = Pattern.compile(".*\\.(bin|pt|pth|ckpt|pkl|pickle)");
    private static final Pattern FOREIGN = Pattern.compile(".*\\.(h5|msgpack|onnx|gguf)");

    private WeightFiles() {}

    /**
     * Opens all of them.
     *
     * @throws ConfigurationException if there are none in a form that may be read, saying what to do
     */
    static List<SafetensorsFile> open(Path directory) {
        if (Files.exists(directory.resolve(SINGLE))) {
            return List.of(SafetensorsFile.open(directory.resolve(SINGLE)));
        }
        if (Files.exists(directory.resolve(ShardIndex.FILE))) {
            return ShardIndex.read(directory.resolve(ShardIndex.FILE)).open();
        }
        throw missing(directory);
    }

    private static ConfigurationException missing(Path directory) {
        Optional<String> pickle = named(directory, PICKLE);
        if (pickle.isPresent()) {
            return new ConfigurationException(directory + " holds weights as " + pickle.get()
                    + ", a pickle file, which may run any program when it is read; load it once in Python with"
                    + " transformers and store it by save_pretrained(folder, safe_serialization=True) to get "
                    + SINGLE);
        }
        return new ConfigurationException(directory + " has neither " + SINGLE + " nor " + ShardIndex.FILE
                + named(directory, FOREIGN)
                        .map(name -> "; " + name + " is in a form that is not read")
                        .orElse(""));
    }

    private static Optional<String> named(Path directory, Pattern pattern) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(pattern.asMatchPredicate())
                    .sorted()
                    .findFirst();
        } catch (IOException e) {
            throw new ConfigurationException("the folder " + directory + " cannot be read: " + e, e);
        }
    }
}
