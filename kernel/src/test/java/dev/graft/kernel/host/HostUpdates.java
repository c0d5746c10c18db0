package dev.graft.kernel.host;

import dev.graft.spi.engine.Array;

/** Parameter updates. */
interface HostUpdates extends HostMemory {
    @Override
    default void adamW(Array parameter, Array gradient, Array firstMoment, Array secondMoment, AdamW settings) {
        double[] g = values(gradient);
        update(firstMoment, g, (m, d) -> settings.beta1() * m + (1 - settings.beta1()) * d);
        update(secondMoment, g, (v, d) -> settings.beta2() * v + (1 - settings.beta2()) * d * d);
        double[] m = values(firstMoment);
        double[] v = values(secondMoment);
        double correction1 = 1 - Math.pow(settings.beta1(), (double) settings.step());
        double correction2 = 1 - Math.pow(settings.beta2(), (double) settings.step());
        for (int i = 0; i < m.length; i++) {
            m[i] = m[i] / correction1 / (Math.sqrt(v[i] / correction2) + settings.epsilon());
        }
        update(
                parameter,
                m,
                (w, step) -> w - settings.learningRate() * settings.weightDecay() * w - settings.learningRate() * step);
    }
}
