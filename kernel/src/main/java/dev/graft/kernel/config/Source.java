package dev.graft.kernel.config;

/** Where configuration came from, for messages. */
@FunctionalInterface
public interface Source {
    /** Configuration that no file holds. */
    Source UNKNOWN = keyPath -> "";

    /**
     * Where a key stands.
     *
     * @param keyPath keys joined by dots, elements of lists as {@code [index]}; empty for the whole
     * @return for instance {@code recipe.yaml, line 7}; empty if not known
     */
    String locate(String keyPath);

    /** The place as the beginning of a message: followed by a colon, or nothing. */
    default String place(String keyPath) {
        String place = locate(keyPath);
        return place.isEmpty() ? "" : place + ": ";
    }
}
