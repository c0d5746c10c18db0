package dev.graft.engines.torch;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Creation;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** {@link Creation} on libtorch. */
interface TorchCreation extends Creation {
    /** Where the engine's handles are counted. */
    Ledger ledger();

    @Override
    default Array empty(Shape shape, DType dtype) {
        return ledger().array(
                        "empty", () -> torch.empty(shape.toArray(), DTypes.options(dtype), new MemoryFormatOptional()));
    }

    @Override
    default Array full(Shape shape, DType dtype, double value) {
        return ledger().array(
                        "full", () -> torch.full(shape.toArray(), Numbers.scalar(value, dtype), DTypes.options(dtype)));
    }

    @Override
    default Array range(long start, long end, DType dtype) {
        return ledger().array("range", () -> torch.arange(new Scalar(start), new Scalar(end), DTypes.options(dtype)));
    }

    @Override
    default Array uniform(Shape shape, DType dtype, long seed) {
        return ledger().array("uniform", () -> torch.rand(shape.toArray(), seeded(seed), DTypes.options(dtype)));
    }

    @Override
    default Array normal(Shape shape, DType dtype, long seed) {
        return ledger().array("normal", () -> torch.randn(shape.toArray(), seeded(seed), DTypes.options(dtype)));
    }

    private static GeneratorOptional seeded(long seed) {
        return new GeneratorOptional(torch.make_generator_cpu(seed));
    }

    @Override
    default Array wrap(ByteBuffer memory, Shape shape, DType dtype) {
        long expected = shape.elements() * dtype.bytes();
        if (memory.remaining() != expected) {
            throw new IllegalArgumentException("a buffer of " + memory.remaining() + " bytes does not hold " + dtype
                    + " elements of shape " + shape + ", which take " + expected);
        }
        if (memory.isDirect() && expected > 0) {
            Pointer start = new BytePointer(memory.slice());
            if (start.address() % dtype.bytes() == 0) {
                return ledger().run(
                                "wrap",
                                () -> ledger().wrap(
                                                torch.from_blob(start, shape.toArray(), DTypes.options(dtype)),
                                                memory));
            }
        }
        Array array = empty(shape, dtype);
        write(array, 0, memory);
        return array;
    }

    @Override
    default void write(Array target, long byteOffset, ByteBuffer source) {
        Tensor tensor = TorchArray.tensor(target);
        Numbers.checkRange("write", target, byteOffset, source.remaining());
        if (!tensor.is_contiguous()) {
            throw new IllegalArgumentException("write: the target of shape " + target.shape() + " is not contiguous");
        }
        if (source.hasRemaining()) {
            Numbers.bytes(tensor, byteOffset, source.remaining()).put(source.duplicate());
            source.position(source.limit());
        }
    }

    @Override
    default void read(Array source, long byteOffset, ByteBuffer target) {
        Numbers.checkRange("read", source, byteOffset, target.remaining());
        if (!target.hasRemaining()) {
            return;
        }
        ledger().act("read", () -> {
            Tensor rows = TorchArray.tensor(source).contiguous();
            target.put(Numbers.bytes(rows, byteOffset, target.remaining()));
        });
    }
}
