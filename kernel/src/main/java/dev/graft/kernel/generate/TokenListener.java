package dev.graft.kernel.generate;

/** Hears of every token as it is generated. */
@FunctionalInterface
public interface TokenListener {
    /**
     * A row grew.
     *
     * @param row index of the request
     * @param id the new token
     * @param text what became certain of the text with it: empty while a character is incomplete or a stop string may
     *     be under way; what was held back comes with the last token
     * @return whether the row is to go on
     */
    boolean token(int row, int id, String text);

    /** Listens to nothing. */
    static TokenListener none() {
        return (row, id, text) -> true;
    }
}
