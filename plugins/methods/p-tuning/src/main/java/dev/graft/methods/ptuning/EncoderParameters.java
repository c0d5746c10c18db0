package dev.graft.methods.ptuning;

import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.AttachmentBuilder;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.Tensor;

/** Declares the parameters of an encoder, which are kept in the side file under the names they have in PEFT. */
record EncoderParameters(AttachmentBuilder attachment) {
    private static final String PREFIX = "prompt_encoder.default.";
    private static final int BELOW_THE_BLOCKS = -1;

    /** Name of the vectors that go into the encoder. */
    static final String INPUT = PREFIX + "embedding.weight";

    /** A parameter. */
    Parameter declare(String name, Shape shape, Initializer initializer) {
        return attachment.declare(ParameterSpec.of(PREFIX + name, shape, initializer, BELOW_THE_BLOCKS)
                .in(ParameterSpec.Storage.SIDE));
    }

    /** The vectors that go in, {@code [virtualTokens, width]}, standard normal at first. */
    Parameter input(int virtualTokens, int width) {
        return declare("embedding.weight", Shape.of(virtualTokens, width), Initializer.normal(1));
    }

    /** A linear layer that begins as torch's do: even over {@code ±1 / sqrt(inputs)}. */
    Layer linear(String name, int inputs, int outputs) {
        Initializer even = Initializer.uniform(1 / Math.sqrt(inputs));
        return new Layer(
                declare(name + ".weight", Shape.of(outputs, inputs), even),
                declare(name + ".bias", Shape.of(outputs), even));
    }

    /**
     * A linear layer.
     *
     * @param weight {@code [out, in]}
     * @param bias {@code [out]}
     */
    record Layer(Parameter weight, Parameter bias) {
        Tensor apply(Tensor x) {
            return x.linear(weight.tensor(), bias.tensor());
        }
    }
}
