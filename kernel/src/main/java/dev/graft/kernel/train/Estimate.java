package dev.graft.kernel.train;

import java.util.List;

/**
 * What a recipe will take.
 *
 * @param methods its methods, in the order of attachment
 * @param trainable parameters that learn
 * @param all parameters of the base and those that learn
 * @param batch the largest batch
 * @param memory peak memory
 */
public record Estimate(List<MethodShare> methods, long trainable, long all, LargestBatch batch, Memory memory) {
    /** Copies the list. */
    public Estimate {
        methods = List.copyOf(methods);
    }

    /**
     * What one method adds.
     *
     * @param name the name of its attachment
     * @param id the method
     * @param trainable parameters that learn
     */
    public record MethodShare(String name, String id, long trainable) {}

    /**
     * The batch that takes most memory.
     *
     * @param rows sequences
     * @param length tokens of each, padding included
     */
    public record LargestBatch(int rows, int length) {}

    /**
     * Peak memory in bytes.
     *
     * @param program the Java machine and the libraries of the engine
     * @param checkpoint the model's files, which are mapped while it is open
     * @param weights the base as the engine holds it
     * @param adapters parameters and variables of the attachments
     * @param optimizer what the optimizer keeps from step to step
     * @param step what a step holds besides: activations and gradients
     * @param gaps what operations need on their way, and what the allocator keeps between arrays
     */
    public record Memory(
            long program, long checkpoint, long weights, long adapters, long optimizer, long step, long gaps) {
        /** Most bytes in arrays at once. */
        public long arrays() {
            return weights + adapters + optimizer + step;
        }

        /** Everything together: the resident memory of the process at its peak. */
        public long total() {
            return program + checkpoint + arrays() + gaps;
        }
    }
}
