package dev.graft.kernel.tensor;

import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.Engine;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Walks recorded operations backwards, latest first, and adds gradients up. Visits only what leads to a leaf; frees what
 * each operation saved as soon as it was used. The order depends on nothing but the recording, so reruns agree to the
 * bit.
 */
final class BackwardPass {
    private final Engine engine;
    private final long boundary;
    private final IdentityHashMap<Node, Held> pending = new IdentityHashMap<>();
    private final Map<Node, Held> ends = new LinkedHashMap<>();
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

    /**
     * Runs from a node to the ends.
     *
     * @param gradient with respect to the node's result, taken over
     * @return gradients of the ends, latest first, which belong to the caller
     */
    Map<Node, Held> run(Node start, Held gradient) {
        try {
            add(start, gradient);
            while (!queue.isEmpty()) {
                Node node = queue.poll();
                if (node.isLeaf() || node.number() <= boundary) {
                    ends.put(node, pending.remove(node));
                    node.release();
                } else {
                    propagate(node, pending.remove(node));
                }
            }
            return ends;
        } catch (RuntimeException | Error e) {
            ends.values().forEach(Held::release);
            pending.values().forEach(Held::release);
            queue.forEach(Node::release);
            throw e;
        }
    }

    private void propagate(Node node, Held gradient) {
        OperandGradients gradients = new OperandGradients(engine, node, gradient);
        try {
            node.backward().apply(gradients);
        } catch (RuntimeException | Error e) {
            gradients.drop();
            gradient.release();
            node.release();
            throw e;
        }
        gradient.release();
        try {
            while (!gradients.shares().isEmpty()) {
                OperandGradients.Share share = gradients.shares().remove(0);
                add(share.node(), share.gradient());
            }
        } finally {
            gradients.drop();
            node.spend();
            node.release();
        }
    }

    /** Adds a gradient, taken over, to what a node has received. */
    private void add(Node node, Held gradient) {
        Held waiting = pending.get(node);
        if (waiting == null) {
            pending.put(node, gradient);
            queue.add(node.retain());
        } else {
            pending.put(node, sum(waiting, gradient));
        }
    }

    /** The sum of two gradients in the memory of either, if nobody else knows it; lets go of the other. */
    private Held sum(Held waiting, Held gradient) {
        try {
            if (waiting.isExclusive()) {
                engine.addInPlace(waiting.array(), gradient.array(), 1);
                return waiting;
            }
            Held sum;
            if (gradient.isExclusive()) {
                engine.addInPlace(gradient.array(), waiting.array(), 1);
                sum = gradient.retain();
            } else {
                sum = Held.owned(engine.binary(Binary.ADD, waiting.array(), gradient.array()));
            }
            waiting.release();
            return sum;
        } finally {
            gradient.release();
        }
    }
}
