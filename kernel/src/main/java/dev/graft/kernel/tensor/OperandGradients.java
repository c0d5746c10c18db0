package dev.graft.kernel.tensor;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Reduction;
import dev.graft.spi.engine.Shape;
import java.util.ArrayList;
import java.util.List;

/** The gradient of one result on its way to the operands. Frees what was given when the backward function fails. */
final class OperandGradients {
    /** A gradient for a node, held for it. */
    record Share(Node node, Held gradient) {}

    private final Engine engine;
    private final Node node;
    private final Held gradient;
    private final List<Share> shares = new ArrayList<>(3);

    OperandGradients(Engine engine, Node node, Held gradient) {
        this.engine = engine;
        this.node = node;
        this.gradient = gradient;
    }

    /** What was given, in the order of giving. */
    List<Share> shares() {
        return shares;
    }

    /** Whether an operand takes part. */
    boolean needs(int operand) {
        return node.operand(operand) != null;
    }

    /** The gradient of the result, not to be changed or closed. */
    Array ofResult() {
        return gradient.array();
    }

    Held held() {
        return gradient;
    }

    /** Gives an operand an array with elements of its own; null, or an operand that needs none, is let go. */
    void give(int operand, Array array) {
        if (array != null) {
            giveTo(node.operand(operand), Held.owned(array));
        }
    }

    /** Gives a gradient to any node; null is let go. */
    void giveTo(Node target, Held array) {
        if (target == null) {
            array.release();
        } else {
            shares.add(new Share(target, array));
        }
    }

    /** Gives an operand the gradient of the result as it is. */
    void pass(int operand) {
        giveTo(node.operand(operand), gradient.retain());
    }

    /** Gives the only operand a view of the gradient of the result. */
    void giveView(Array view) {
        giveTo(node.operand(0), gradient.heir(view));
    }

    /** Gives one of several operands a view of the gradient of the result, or one whose elements coincide. */
    void giveShared(int operand, Array view) {
        gradient.share();
        giveTo(node.operand(operand), Held.shared(view));
    }

    /** Gives an operand the gradient of the result, summed over the axes along which the operand was stretched. */
    void pass(int operand, Shape shape) {
        if (gradient.array().shape().equals(shape)) {
            pass(operand);
        } else {
            give(operand, folded(gradient.array(), shape));
        }
    }

    /** Gives an operand an array of its own, summed over the axes along which the operand was stretched. */
    void give(int operand, Array array, Shape shape) {
        if (array.shape().equals(shape)) {
            give(operand, array);
            return;
        }
        try (Array stretched = array) {
            give(operand, folded(stretched, shape));
        }
    }

    private Array folded(Array x, Shape shape) {
        Shape from = x.shape();
        int added = from.rank() - shape.rank();
        List<Integer> axes = new ArrayList<>();
        for (int axis = 0; axis < from.rank(); axis++) {
            if (axis < added || (shape.size(axis - added) == 1 && from.size(axis) != 1)) {
                axes.add(axis);
            }
        }
        int[] stretched = axes.stream().mapToInt(Integer::intValue).toArray();
        try (Array summed = engine.reduce(Reduction.SUM, x, stretched, true)) {
            return engine.reshape(summed, shape);
        }
    }

    /** Lets go of all that was given. */
    void drop() {
        shares.forEach(share -> share.gradient().release());
        shares.clear();
    }
}
