package dev.graft.engines.torch;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Binary;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Elementwise;
import dev.graft.spi.engine.Unary;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;

/** {@link Elementwise} on libtorch. */
interface TorchElementwise extends Elementwise {
    /** Where the engine's handles are counted. */
    Ledger ledger();

    @Override
    default Array unary(Unary function, Array x) {
        if (function != Unary.NEG && function != Unary.ABS && function != Unary.SIGN && function != Unary.SQUARE) {
            Checks.floating(function.name(), x);
        }
        return ledger().array(function.name(), () -> UnaryFunctions.apply(function, TorchArray.tensor(x)));
    }

    @Override
    default Array unaryBackward(Unary function, Array gradient, Array x, Array y) {
        return ledger().array(
                        function + " backward",
                        () -> UnaryFunctions.backward(
                                function, TorchArray.tensor(gradient), TorchArray.tensor(x), TorchArray.tensor(y)));
    }

    @Override
    default Array binary(Binary function, Array a, Array b) {
        Checks.sameDType(function.name(), a, b);
        if (!a.shape().equals(b.shape())) {
            a.shape().broadcast(b.shape());
        }
        return ledger().array(
                        function.name(),
                        () -> BinaryFunctions.apply(function, TorchArray.tensor(a), TorchArray.tensor(b)));
    }

    @Override
    default Array binary(Binary function, Array a, double b) {
        return ledger().array(
                        function.name(),
                        () -> BinaryFunctions.apply(function, TorchArray.tensor(a), Numbers.scalar(b, a.dtype())));
    }

    @Override
    default Array where(Array condition, Array a, Array b) {
        Checks.sameDType("where", a, b);
        condition.shape().broadcast(a.shape().broadcast(b.shape()));
        return ledger().array(
                        "where",
                        () -> torch.where(TorchArray.tensor(condition), TorchArray.tensor(a), TorchArray.tensor(b)));
    }

    @Override
    default Array cast(Array x, DType dtype) {
        TorchArray array = TorchArray.of(x);
        if (array.dtype() == dtype) {
            return ledger().view("cast", array, () -> new Tensor(array.tensor()));
        }
        return ledger().array("cast", () -> array.tensor().to(DTypes.torch(dtype)));
    }

    @Override
    default Array copy(Array x) {
        return ledger().array(
                        "copy",
                        () -> torch.clone(TorchArray.tensor(x), new MemoryFormatOptional(MemoryFormat.Contiguous)));
    }

    @Override
    default void addInPlace(Array target, Array x, double alpha) {
        ledger().act("add", () -> {
            Tensor addend = TorchArray.tensor(x);
            if (alpha == 1) {
                TorchArray.tensor(target).add_(addend);
            } else {
                TorchArray.tensor(target).add_(addend, Numbers.scalar(alpha, target.dtype()));
            }
        });
    }

    @Override
    default void scaleInPlace(Array target, double factor) {
        ledger().act("scale", () -> TorchArray.tensor(target).mul_(Numbers.scalar(factor, target.dtype())));
    }

    @Override
    default void copyInPlace(Array target, Array x) {
        ledger().act("copy", () -> TorchArray.tensor(target).copy_(TorchArray.tensor(x)));
    }

    @Override
    default Array gatedSilu(Array gate, Array up) {
        Checks.sameDType("gated silu", gate, up);
        return ledger().array(
                        "gated silu", () -> torch.silu(TorchArray.tensor(gate)).mul_(TorchArray.tensor(up)));
    }

    @Override
    default Array[] gatedSiluBackward(Array gradient, Array gate, Array up) {
        return ledger().run("gated silu backward", () -> {
            Tensor g = TorchArray.tensor(gradient);
            Tensor gateTensor = TorchArray.tensor(gate);
            Tensor forGate = torch.silu_backward(torch.mul(g, TorchArray.tensor(up)), gateTensor);
            Tensor forUp = torch.silu(gateTensor).mul_(g);
            return new Array[] {ledger().keep(forGate), ledger().keep(forUp)};
        });
    }
}
