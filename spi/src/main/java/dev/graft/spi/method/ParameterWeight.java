package dev.graft.spi.method;

import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.Weight;
import dev.graft.spi.tensor.Tensor;

/**
 * A parameter of an attachment as the weight of a site inside it.
 *
 * @param name the weight's name, the site's name and {@code .weight} or {@code .bias}
 * @param parameter the parameter
 */
public record ParameterWeight(String name, Parameter parameter) implements Weight {
    @Override
    public Shape shape() {
        return parameter.spec().shape();
    }

    @Override
    public DType dtype() {
        return parameter.tensor().dtype();
    }

    @Override
    public boolean fresh() {
        return false;
    }

    @Override
    public Tensor tensor() {
        return parameter.tensor();
    }
}
