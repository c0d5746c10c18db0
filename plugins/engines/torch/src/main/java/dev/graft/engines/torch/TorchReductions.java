package dev.graft.engines.torch;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Reduction;
import dev.graft.spi.engine.Reductions;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** {@link Reductions} on libtorch. */
interface TorchReductions extends Reductions {
    /** Where the engine's handles are counted. */
    Ledger ledger();

    @Override
    default Array reduce(Reduction reduction, Array x, int[] axes, boolean keep) {
        long[] folded = axes.length == 0
                ? IntStream.range(0, x.shape().rank()).asLongStream().toArray()
                : IntStream.of(axes).mapToLong(axis -> x.shape().axis(axis)).toArray();
        return ledger().array(reduction.name(), () -> reduced(reduction, x, folded, keep));
    }

    private static Tensor reduced(Reduction reduction, Array array, long[] axes, boolean keep) {
        Tensor x = TorchArray.tensor(array);
        DType dtype = array.dtype() == DType.BOOL ? DType.INT64 : array.dtype();
        if (axes.length == 0) {
            return x.to(DTypes.torch(dtype), false, true, new org.bytedeco.pytorch.MemoryFormatOptional());
        }
        return switch (reduction) {
            case SUM -> torch.sum(x, axes, keep, DTypes.optional(dtype));
            case MEAN -> torch.mean(x, axes, keep, DTypes.optional(dtype));
            case MAX -> torch.amax(x, axes, keep);
            case MIN -> torch.amin(x, axes, keep);
        };
    }

    @Override
    default Array argMax(Array x, int axis) {
        int along = x.shape().axis(axis);
        return ledger().array("argmax", () -> torch.argmax(TorchArray.tensor(x), new LongOptional(along), false));
    }

    @Override
    default Array cumulativeSum(Array x, int axis) {
        int along = x.shape().axis(axis);
        return ledger().array(
                        "cumulative sum", () -> torch.cumsum(TorchArray.tensor(x), along, DTypes.optional(x.dtype())));
    }

    @Override
    default Array softmax(Array x, int axis) {
        int along = x.shape().axis(axis);
        return ledger().array("softmax", () -> torch.softmax(TorchArray.tensor(x), along));
    }

    @Override
    default Array softmaxBackward(Array gradient, Array y, int axis) {
        int along = y.shape().axis(axis);
        return ledger().array(
                        "softmax backward",
                        () -> Aten.softmaxBackward(TorchArray.tensor(gradient), TorchArray.tensor(y), along));
    }

    @Override
    default Array logSoftmax(Array x, int axis) {
        int along = x.shape().axis(axis);
        return ledger().array("log softmax", () -> torch.log_softmax(TorchArray.tensor(x), along));
    }

    @Override
    default Array logSoftmaxBackward(Array gradient, Array y, int axis) {
        int along = y.shape().axis(axis);
        return ledger().array(
                        "log softmax backward",
                        () -> Aten.logSoftmaxBackward(TorchArray.tensor(gradient), TorchArray.tensor(y), along));
    }

    @Override
    default boolean allFinite(Array x) {
        if (!x.dtype().isFloating()) {
            return true;
        }
        return ledger().run(
                        "all finite",
                        () -> torch.isfinite(TorchArray.tensor(x)).all().item_bool());
    }

    @Override
    default double sumOfSquares(Array x) {
        return ledger().run("sum of squares", () -> {
            Tensor flat = TorchArray.tensor(x).reshape(-1);
            double norm = torch.linalg_vector_norm(
                            flat, new Scalar(2.0), new long[] {0}, false, DTypes.optional(DType.FLOAT64))
                    .item_double();
            return norm * norm;
        });
    }
}
