package dev.graft.kernel.config;

/** Key paths: keys joined by dots, elements of lists in brackets, for instance {@code method[0].r}. */
public final class KeyPath {
    private KeyPath() {}

    /** The path of a key in a section. */
    public static String key(String section, String key) {
        return section.isEmpty() ? key : section + "." + key;
    }

    /** The path of an element of a list. */
    public static String element(String list, int index) {
        return list + "[" + index + "]";
    }

    /** The path of what is around; empty at the top. */
    public static String parent(String path) {
        return path.substring(0, Math.max(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['))));
    }
}
