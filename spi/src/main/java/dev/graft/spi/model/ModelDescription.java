package dev.graft.spi.model;

/**
 * The measures of a model that methods and the kernel need.
 *
 * @param modelType Hugging Face's {@code model_type}
 * @param architecture Hugging Face's class name, for instance {@code LlamaForCausalLM}
 * @param task what the head is for
 * @param layers number of blocks (of the decoder, where there are two stacks)
 * @param hidden width of the residual stream
 * @param heads query heads
 * @param keyHeads key and value heads
 * @param headSize width of one head
 * @param vocabulary number of token embeddings
 * @param maxPositions longest sequence, or 0 where nothing limits it
 * @param labels number of classes of a classification head, else 0
 * @param padToken id used to pad, or -1
 */
public record ModelDescription(
        String modelType,
        String architecture,
        Task task,
        int layers,
        int hidden,
        int heads,
        int keyHeads,
        int headSize,
        int vocabulary,
        int maxPositions,
        int labels,
        int padToken) {
    /** The same measures of a model for another task. */
    public ModelDescription forTask(Task other) {
        return new ModelDescription(
                modelType,
                architecture,
                other,
                layers,
                hidden,
                heads,
                keyHeads,
                headSize,
                vocabulary,
                maxPositions,
                labels,
                padToken);
    }
}
