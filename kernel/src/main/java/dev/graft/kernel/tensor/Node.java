package dev.graft.kernel.tensor;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One recorded operation. Numbers rise with time, so that going through nodes by falling number meets every node after
 * all that used its result. A node is held by its result and by the nodes that used it; when the last lets go, or the
 * backward pass has gone through, it frees what it saved.
 */
final class Node {
    private static final Node[] NONE = {};

    private final long number;
    private final boolean leaf;
    private final AtomicInteger holders = new AtomicInteger(1);
    private Node[] operands;
    private List<Held> saved;
    private Backward backward;

    private Node(long number, boolean leaf, Node[] operands, List<Held> saved, Backward backward) {
        this.number = number;
        this.leaf = leaf;
        this.operands = operands;
        this.saved = saved;
        this.backward = backward;
    }

    /**
     * The node of an operation.
     *
     * @param operands null where an operand needs no gradient
     * @param saved what the backward function reads; held until it has run
     */
    static Node operation(long number, Node[] operands, List<Held> saved, Backward backward) {
        for (Node operand : operands) {
            if (operand != null) {
                operand.retain();
            }
        }
        saved.forEach(Held::retain);
        return new Node(number, false, operands, saved, backward);
    }

    /** The node of a leaf: gradients end here. */
    static Node leaf(long number) {
        return new Node(number, true, NONE, List.of(), null);
    }

    /** A node that tells that a gradient is needed, of an operation that will be computed again to be recorded. */
    static Node traced(long number) {
        return new Node(number, false, NONE, List.of(), null);
    }

    long number() {
        return number;
    }

    boolean isLeaf() {
        return leaf;
    }

    Node operand(int index) {
        return operands[index];
    }

    /** What turns the gradient of the result into those of the operands. */
    Backward backward() {
        if (backward == null) {
            throw new IllegalStateException(
                    "a backward pass met an operation that it cannot go through: an earlier pass"
                            + " went through it, or it was made inside a checkpointed function and used outside");
        }
        return backward;
    }

    Node retain() {
        if (!leaf && holders.getAndIncrement() <= 0) {
            throw new IllegalStateException("a recorded operation was used after it had been freed");
        }
        return this;
    }

    /** Lets go; the last to do so frees the node, and what only it held, without recursion. */
    void release() {
        Deque<Node> letGo = new ArrayDeque<>();
        letGo.push(this);
        while (!letGo.isEmpty()) {
            Node node = letGo.pop();
            if (!node.leaf && node.holders.decrementAndGet() == 0) {
                node.spend(letGo);
            }
        }
    }

    /** Frees what was saved and lets go of the operands, once the backward pass has gone through. */
    void spend() {
        Deque<Node> letGo = new ArrayDeque<>();
        spend(letGo);
        letGo.forEach(Node::release);
    }

    private void spend(Deque<Node> letGo) {
        saved.forEach(Held::release);
        for (Node operand : operands) {
            if (operand != null) {
                letGo.push(operand);
            }
        }
        saved = List.of();
        operands = NONE;
        backward = null;
    }
}
