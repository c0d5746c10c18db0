package dev.graft.kernel.tensor;

import java.util.List;
import java.util.Map;

/**
 * One recorded operation. Numbers rise with time, so that going through nodes by falling number meets every node after
 * all that used its result.
 */
final class Node {
    /** Turns the gradient of a result into those of the operands. */
    interface Backward {
        /**
         * Computes the operands' gradients.
         *
         * @param gradient with respect to the result; stays the caller's
         * @param needed which operands need one
         * @return a gradient per operand, given over to the caller; null where not needed
         */
        Held[] apply(Held gradient, boolean[] needed);
    }

    /** Computes a stretch of operations again to find the gradients of everything that went into it. */
    interface Recompute {
        /** Gradients by node, given over to the caller; the gradient of the result stays the caller's. */
        Map<Node, Held> apply(Held gradient);
    }

    private final long number;
    private final Node[] operands;
    private final List<Held> saved;
    private Backward backward;
    private Recompute recompute;

    Node(long number, Node[] operands, List<Held> saved, Backward backward) {
        this.number = number;
        this.operands = operands;
        this.saved = saved;
        this.backward = backward;
        saved.forEach(Held::retain);
    }

    /** The node of a stretch of operations that are computed again in the backward pass. */
    static Node recomputed(long number, List<Held> saved, Recompute recompute) {
        Node node = new Node(number, new Node[1], saved, (gradient, needed) -> new Held[1]);
        node.recompute = recompute;
        return node;
    }

    /** The node of a leaf: gradients end here. */
    static Node leaf(long number) {
        return new Node(number, new Node[0], List.of(), null);
    }

    long number() {
        return number;
    }

    Node[] operands() {
        return operands;
    }

    Recompute recompute() {
        return recompute;
    }

    boolean isLeaf() {
        return operands.length == 0;
    }

    Held[] propagate(Held gradient) {
        if (backward == null) {
            throw new IllegalStateException("a backward pass went through the same operation twice");
        }
        boolean[] needed = new boolean[operands.length];
        for (int i = 0; i < needed.length; i++) {
            needed[i] = operands[i] != null;
        }
        return backward.apply(gradient, needed);
    }

    /** Lets go of what was saved. */
    void release() {
        if (backward != null) {
            backward = null;
            recompute = null;
            saved.forEach(Held::release);
        }
    }
}
