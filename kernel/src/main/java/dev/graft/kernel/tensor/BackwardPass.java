package dev.graft.kernel.tensor;

import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.Engine;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Walks recorded operations backwards, latest first, and adds gradients up. Visits only what leads to a leaf; frees what
 * each operation saved as soon as it was used. The order depends on nothing but the recording, so reruns agree to the
 * bit.
 */
final class BackwardPass {
    /** A gradient on its way to a node; a sum made here may be added to in place, nobody else knows it. */
    private static final class Pending {
        private Held gradient;
        private boolean ownSum;
    }

    private final Engine engine;
    private final long boundary;
    private final IdentityHashMap<Node, Pending> pending = new IdentityHashMap<>();
    private final PriorityQueue<Node> queue =
            new PriorityQueue<>(Comparator.comparingLong(Node::number).reversed());

    /**
     * A pass that ends at leaves.
     *
     * @param boundary nodes of this number and below are ends too
     */
    BackwardPass(Engine engine, long boundary) {
        this.engine = engine;
        this.boundary = boundary;
    }

    /** Starts at a node with the gradient of its result, taken over. */
    void start(Node node, Held gradient) {
        add(node, gradient);
    }

    /** Runs to the ends; their gradients belong to the caller. */
    Map<Node, Held> run() {
        Map<Node, Held> leaves = new HashMap<>();
        try {
            while (!queue.isEmpty()) {
                Node node = queue.poll();
                Held gradient = pending.remove(node).gradient;
                if (node.isLeaf() || node.number() <= boundary) {
                    leaves.put(node, gradient);
                } else {
                    propagate(node, gradient);
                }
            }
            return leaves;
        } catch (RuntimeException e) {
            leaves.values().forEach(Held::release);
            pending.values().forEach(waiting -> waiting.gradient.release());
            throw e;
        }
    }

    private void propagate(Node node, Held gradient) {
        Held[] gradients;
        Map<Node, Held> inner = Map.of();
        try {
            if (node.recompute() != null) {
                inner = node.recompute().apply(gradient);
            }
            gradients = node.propagate(gradient);
        } finally {
            gradient.release();
            node.release();
        }
        inner.entrySet().stream()
                .sorted(Comparator.comparingLong(entry -> -entry.getKey().number()))
                .forEach(entry -> add(entry.getKey(), entry.getValue()));
        for (int i = 0; i < gradients.length; i++) {
            Node operand = node.operands()[i];
            if (gradients[i] != null && operand != null) {
                add(operand, gradients[i]);
            } else if (gradients[i] != null) {
                gradients[i].release();
            }
        }
    }

    private void add(Node node, Held gradient) {
        Pending waiting = pending.get(node);
        if (waiting == null) {
            waiting = new Pending();
            waiting.gradient = gradient;
            pending.put(node, waiting);
            queue.add(node);
            return;
        }
        if (waiting.ownSum) {
            engine.addInPlace(waiting.gradient.array(), gradient.array(), 1);
        } else {
            Held sum = Held.owned(engine.binary(Binary.ADD, waiting.gradient.array(), gradient.array()));
            waiting.gradient.release();
            waiting.gradient = sum;
            waiting.ownSum = true;
        }
        gradient.release();
    }
}
