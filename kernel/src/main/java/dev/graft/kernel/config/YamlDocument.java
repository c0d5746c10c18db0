package dev.graft.kernel.config;

import dev.graft.spi.config.ConfigurationException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/**
 * A YAML or JSON file as a tree that remembers on which line each key stands.
 *
 * @param tree maps, lists, strings, {@code Long}, {@code Double}, truth values and null
 * @param source tells the line of a key path
 */
public record YamlDocument(Map<String, Object> tree, Source source) {
    private static final int MOST_BYTES = 64 << 20;

    /**
     * Reads a file.
     *
     * @throws ConfigurationException if it is missing, unreadable or not a YAML mapping, naming file and line
     */
    public static YamlDocument read(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new ConfigurationException(file + " is a directory where a YAML file is expected");
            }
            if (Files.size(file) > MOST_BYTES) {
                throw new ConfigurationException(
                        file + " is larger than the " + MOST_BYTES + " bytes allowed for a YAML file");
            }
            return parse(Files.readString(file), file.toString());
        } catch (NoSuchFileException missing) {
            throw new ConfigurationException("there is no file " + file, missing);
        } catch (CharacterCodingException malformed) {
            throw new ConfigurationException(file + " is not a YAML file: it is not UTF-8 text", malformed);
        } catch (IOException failure) {
            throw new ConfigurationException("cannot read " + file + ": " + failure.getMessage(), failure);
        }
    }

    /**
     * Reads a text.
     *
     * @param name what messages call it
     * @throws ConfigurationException if it is not a YAML mapping
     */
    public static YamlDocument parse(String text, String name) {
        YamlTree reader = new YamlTree(name);
        Object tree = reader.value(compose(text, name));
        if (!(tree instanceof Map)) {
            throw new ConfigurationException(
                    name + ": found " + Found.describe(tree) + " where a mapping of keys to values is expected");
        }
        return new YamlDocument(YamlTree.asMap(tree), reader.source());
    }

    /**
     * Reads the value of one key, as it would stand after its colon.
     *
     * @param name what messages call it
     */
    public static Object value(String text, String name) {
        return new YamlTree(name).value(compose(text, name));
    }

    private static Node compose(String text, String name) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MOST_BYTES);
        options.setMaxAliasesForCollections(100);
        options.setNestingDepthLimit(100);
        try {
            return new Yaml(options).compose(new StringReader(text));
        } catch (MarkedYAMLException malformed) {
            String line = malformed.getProblemMark() == null
                    ? ""
                    : ", line " + (malformed.getProblemMark().getLine() + 1);
            throw new ConfigurationException(name + line + ": not valid YAML: " + malformed.getProblem(), malformed);
        } catch (YAMLException malformed) {
            throw new ConfigurationException(name + ": not valid YAML: " + firstLine(malformed), malformed);
        }
    }

    private static String firstLine(YAMLException malformed) {
        return malformed.getMessage().lines().findFirst().orElse("unknown problem");
    }
}
