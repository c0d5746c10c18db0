package dev.graft.spi.method;

import dev.graft.spi.engine.Shape;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.Tensor;
import java.util.function.Supplier;

/**
 * A table that learns through a small network instead of by itself (reparameterisation; Li and Liang 2021, section
 * 4.3): row {@code i} is {@code W2 tanh(W1 e_i + b1) + b2}. What learns is needed for training only and goes to the
 * side file, and the table itself is what the adapter's files hold.
 *
 * @param table the table's name on disk
 * @param encoder what the names of all that learns begin with; they go on as PEFT has them in memory
 * @param shape the table's shape, {@code [length, width]}
 * @param embedding width of {@code e_i}
 * @param hidden width of {@code tanh}
 */
public record EncodedTable(String table, String encoder, Shape shape, int embedding, int hidden) {
    /** Whether what is being loaded has a network that made its table. */
    public boolean stored(AttachContext context) {
        return context.stored(vectors());
    }

    /** Number of elements that learn. */
    public long elements() {
        long width = shape.size(1);
        return shape.size(0) * embedding + (embedding + 1L) * hidden + (hidden + 1L) * width;
    }

    /**
     * Declares what learns, and what the files hold.
     *
     * @param zero whether the table begins with zeros
     * @return the table of a pass, computed once
     */
    public Once declare(AttachmentBuilder attachment, boolean zero) {
        long length = shape.size(0);
        long width = shape.size(1);
        Initializer second = zero ? Initializer.constant(0) : Initializer.uniform(1 / Math.sqrt(hidden));
        Initializer first = Initializer.uniform(1 / Math.sqrt(embedding));
        Parameter vectors = side(attachment, vectors(), Shape.of(length, embedding), Initializer.normal(1));
        Parameter firstWeight = side(attachment, encoder + "transform.0.weight", Shape.of(hidden, embedding), first);
        Parameter firstBias = side(attachment, encoder + "transform.0.bias", Shape.of(hidden), first);
        Parameter secondWeight = side(attachment, encoder + "transform.2.weight", Shape.of(width, hidden), second);
        Parameter secondBias = side(attachment, encoder + "transform.2.bias", Shape.of(width), second);
        Supplier<Tensor> value = () -> vectors.tensor()
                .linear(firstWeight.tensor(), firstBias.tensor())
                .tanh()
                .linear(secondWeight.tensor(), secondBias.tensor());
        Once once = new Once(context -> value.get());
        attachment.once(once);
        AttachContext context = attachment.context();
        context.ignore(table);
        attachment.write(table, () -> context.tensors().withoutGradient(value));
        return once;
    }

    private String vectors() {
        return encoder + "embedding.weight";
    }

    private static Parameter side(AttachmentBuilder attachment, String name, Shape shape, Initializer initializer) {
        return attachment.declare(
                ParameterSpec.of(name, shape, initializer, Integer.MAX_VALUE).in(ParameterSpec.Storage.SIDE));
    }
}
