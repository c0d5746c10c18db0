package dev.graft.engines.torch;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Updates;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** {@link Updates} on libtorch. */
interface TorchUpdates extends Updates {
    /** Where the engine's handles are counted. */
    Ledger ledger();

    @Override
    default void adamW(Array parameter, Array gradient, Array firstMoment, Array secondMoment, AdamW settings) {
        for (Array other : new Array[] {gradient, firstMoment, secondMoment}) {
            if (!other.shape().equals(parameter.shape())) {
                throw new IllegalArgumentException("AdamW: a parameter of shape " + parameter.shape()
                        + " was given with a gradient or moment of shape " + other.shape());
            }
        }
        ledger().act("AdamW", () -> {
            Tensor w = TorchArray.tensor(parameter);
            Tensor m = TorchArray.tensor(firstMoment);
            Tensor v = TorchArray.tensor(secondMoment);
            Tensor g = TorchArray.tensor(gradient).to(m.scalar_type());
            double correction1 = 1 - Math.pow(settings.beta1(), (double) settings.step());
            double correction2 = 1 - Math.pow(settings.beta2(), (double) settings.step());
            if (settings.weightDecay() != 0) {
                w.mul_(new Scalar(1 - settings.learningRate() * settings.weightDecay()));
            }
            m.lerp_(g, new Scalar(1 - settings.beta1()));
            v.mul_(new Scalar(settings.beta2())).addcmul_(g, g, new Scalar(1 - settings.beta2()));
            Tensor denominator =
                    v.sqrt().div_(new Scalar(Math.sqrt(correction2))).add_(new Scalar(settings.epsilon()));
            Tensor step = denominator.reciprocal_().mul_(m).to(w.scalar_type());
            w.add_(step, new Scalar(-settings.learningRate() / correction1));
        });
    }
}
