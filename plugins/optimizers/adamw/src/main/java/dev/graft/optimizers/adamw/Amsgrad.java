package dev.graft.optimizers.adamw;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Unary;
import dev.graft.spi.engine.Updates;

/**
 * The variant of Adam whose step sizes never grow back (Reddi, Kale and Kumar 2018): with m and v as in Adam,
 * {@code u = max(u, v)} and {@code w -= rate / (1 - b1^t) * m / (sqrt(u) / sqrt(1 - b2^t) + eps)}, after decoupled
 * weight decay, as torch has it.
 *
 * @param first m
 * @param second v
 * @param largest u
 */
record Amsgrad(Array first, Array second, Array largest) {
    /** One step; overwrites the parameter and all three moments. */
    void step(Engine engine, Array parameter, Array gradient, Updates.AdamW settings) {
        engine.scaleInPlace(parameter, 1 - settings.learningRate() * settings.weightDecay());
        engine.scaleInPlace(first, settings.beta1());
        engine.addInPlace(first, gradient, 1 - settings.beta1());
        engine.scaleInPlace(second, settings.beta2());
        try (Array square = engine.unary(Unary.SQUARE, gradient)) {
            engine.addInPlace(second, square, 1 - settings.beta2());
        }
        try (Array larger = engine.binary(Binary.MAX, largest, second)) {
            engine.copyInPlace(largest, larger);
        }
        double firstCorrection = 1 - Math.pow(settings.beta1(), (double) settings.step());
        double secondCorrection = 1 - Math.pow(settings.beta2(), (double) settings.step());
        try (Array root = engine.unary(Unary.SQRT, largest);
                Array corrected = engine.binary(Binary.DIV, root, Math.sqrt(secondCorrection));
                Array divisor = engine.binary(Binary.ADD, corrected, settings.epsilon());
                Array direction = engine.binary(Binary.DIV, first, divisor)) {
            engine.addInPlace(parameter, direction, -settings.learningRate() / firstCorrection);
        }
    }
}
