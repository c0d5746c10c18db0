package dev.graft.kernel.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What lies in folders of plugins at one moment.
 *
 * @param jars what tells one state of a file from another, by path, in the order of names
 */
record FolderSnapshot(Map<Path, String> jars) {
    /** Looks at the jars of some folders; a folder that is not there is empty. */
    static FolderSnapshot of(Iterable<Path> folders) {
        Map<Path, String> jars = new TreeMap<>();
        for (Path folder : folders) {
            if (!Files.isDirectory(folder)) {
                continue;
            }
            String lists = Admission.FILES.stream()
                    .map(list -> stamp(folder.resolve(list)))
                    .collect(Collectors.joining(" and "));
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(FolderSnapshot::isJar).forEach(jar -> jars.put(jar, stamp(jar) + " under " + lists));
            } catch (IOException e) {
                throw new UncheckedIOException("the folder of plugins " + folder + " cannot be read", e);
            }
        }
        return new FolderSnapshot(jars);
    }

    private static boolean isJar(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".jar") && !name.startsWith(".") && Files.isRegularFile(file);
    }

    private static String stamp(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.size() + " bytes of " + attributes.lastModifiedTime() + " at " + attributes.fileKey();
        } catch (IOException gone) {
            return "nothing";
        }
    }
}
