package dev.graft.kernel.data;

/**
 * How batches are laid out.
 *
 * @param batchSize rows of a batch; examples of several sequences take several rows each, outside this count
 * @param packing whether several examples share a row
 * @param maxLength longest row made by packing, in tokens
 * @param padToken id of padding
 * @param multiple the length of a batch is rounded up to a multiple of this; 1 = not at all
 */
public record BatchLayout(int batchSize, boolean packing, int maxLength, int padToken, int multiple) {
    /** Checks that sizes are positive. */
    public BatchLayout {
        if (batchSize < 1 || maxLength < 1 || multiple < 1) {
            throw new IllegalArgumentException("batch size " + batchSize + ", longest row " + maxLength
                    + " and multiple " + multiple + " must be positive");
        }
    }
}
