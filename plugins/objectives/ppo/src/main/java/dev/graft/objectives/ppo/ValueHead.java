package dev.graft.objectives.ppo;

import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.AttachmentBuilder;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.method.Variable;
import dev.graft.spi.model.Output;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.Tensor;
import java.util.function.UnaryOperator;

/**
 * What is expected of an answer that stands so far: one linear layer on the last hidden states, 0 everywhere at first. On disk it is
 * TRL's {@code v_head.summary}.
 */
final class ValueHead {
    /** Name of the file it is kept in, as LLaMA-Factory has it. */
    static final String FILE = "value_head.safetensors";

    private static final String WEIGHT = "v_head.summary.weight";
    private static final String BIAS = "v_head.summary.bias";
    private static final String KL_COEF = "kl_coef";

    private final Parameter weight;
    private final Parameter bias;
    private final Variable klCoef;
    private final Attachment attachment;

    ValueHead(int width, double klCoef, AttachContext context) {
        AttachmentBuilder builder = new AttachmentBuilder(context, UnaryOperator.identity());
        this.weight = builder.declare(
                ParameterSpec.of(WEIGHT, Shape.of(1, width), Initializer.constant(0), Integer.MAX_VALUE));
        this.bias = builder.declare(ParameterSpec.of(BIAS, Shape.of(1), Initializer.constant(0), Integer.MAX_VALUE)
                .withoutDecay());
        this.klCoef = context.variable(
                KL_COEF, Shape.of(1), DType.FLOAT64, Initializer.constant(klCoef), ParameterSpec.Storage.RUN);
        builder.refuseMerge("a value head is no part of the model");
        this.attachment = builder.build();
    }

    Attachment attachment() {
        return attachment;
    }

    /**
     * What is expected where each token but the first was drawn: at the token before it.
     *
     * @param length tokens of a row, without virtual ones in front
     * @return {@code [batch, length - 1]} in the precision of the head
     */
    Tensor values(Output output, long length) {
        long slots = output.hidden().size(1);
        Tensor before = output.hidden()
                .slice(1, slots - length, slots - 1)
                .cast(weight.tensor().dtype());
        return before.linear(weight.tensor(), bias.tensor()).reshape(-1, length - 1);
    }

    /** Weight of the divergence from the reference, which a controller may have moved. */
    double klCoef() {
        return klCoef.tensor().item();
    }

    void setKlCoef(Tensor value) {
        klCoef.set(value);
    }
}
