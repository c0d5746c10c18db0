package dev.graft.engines.torch;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.Attention;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * {@link Attention} on libtorch. Half-precision operands are widened to single precision first: on CPUs without
 * matrix units libtorch's half-precision attention kernel takes an order of magnitude longer, backwards too.
 */
interface TorchAttention extends Attention {
    /** Where the engine's handles are counted. */
    Ledger ledger();

    @Override
    default Attended attention(Array query, Array key, Array value, Rules rules, boolean training) {
        check(query, key, value);
        return ledger().run("attention", () -> {
            AttentionCall call = AttentionCall.of(query, key, value, rules);
            if (!call.fitsFusedKernel()) {
                return new Attended(ledger().keep(call.narrow(ComposedAttention.forward(call))), null);
            }
            List<Tensor> parts =
                    Aten.attention(call.query(), call.key(), call.value(), call.causal(), call.mask(), rules.scale());
            Array saved = training ? ledger().keep(parts.get(1)) : null;
            return new Attended(ledger().keep(call.narrow(call.ungroup(parts.get(0)))), saved);
        });
    }

    @Override
    default AttentionGradients attentionBackward(
            Array gradient, Array query, Array key, Array value, Rules rules, Attended forward, boolean needBias) {
        return ledger().run("attention backward", () -> {
            AttentionCall call = AttentionCall.of(query, key, value, rules);
            Tensor g = call.group(call.widen(gradient));
            List<Tensor> parts;
            if (needBias || forward.saved() == null) {
                parts = ComposedAttention.backward(call, g);
            } else {
                parts = Aten.attentionBackward(
                        g,
                        call.query(),
                        call.key(),
                        call.value(),
                        call.group(call.widen(forward.output())),
                        TorchArray.tensor(forward.saved()),
                        call.causal(),
                        call.mask(),
                        rules.scale());
            }
            return new AttentionGradients(
                    ledger().keep(call.narrow(call.ungroup(parts.get(0)))),
                    ledger().keep(call.narrow(call.sumGroups(parts.get(1)))),
                    ledger().keep(call.narrow(call.sumGroups(parts.get(2)))),
                    needBias ? ledger().keep(call.biasGradient(parts.get(3), rules.bias())) : null);
        });
    }

    private static void check(Array query, Array key, Array value) {
        Checks.floating("attention", query);
        Checks.sameDType("attention", query, key);
        Checks.sameDType("attention", key, value);
        Checks.rank("attention", query, 4);
        Checks.rank("attention", key, 4);
        Checks.rank("attention", value, 4);
        Checks.agree(
                "attention",
                "the head size of the keys",
                key.shape().size(3),
                query.shape().size(3));
        Checks.agree(
                "attention",
                "the number of values",
                value.shape().size(2),
                key.shape().size(2));
        Checks.agree(
                "attention",
                "the number of value heads",
                value.shape().size(1),
                key.shape().size(1));
        if (key.shape().size(1) == 0 || query.shape().size(1) % key.shape().size(1) != 0) {
            throw new IllegalArgumentException("attention: " + query.shape().size(1)
                    + " query heads are not a multiple of " + key.shape().size(1) + " key heads");
        }
    }

    @Override
    default Array rotary(Array x, Array cos, Array sin, boolean inverse) {
        Checks.rank("rotary", x, 4);
        Checks.rank("rotary", cos, 3);
        long rotated = cos.shape().size(2);
        if (rotated % 2 != 0 || rotated > x.shape().size(3)) {
            throw new IllegalArgumentException("rotary: " + rotated + " rotated features were given for a head size of "
                    + x.shape().size(3) + ", but they must be even and no more than that");
        }
        return ledger().array("rotary", () -> {
            Tensor all = TorchArray.tensor(x);
            Tensor c = TorchArray.tensor(cos, x.dtype()).unsqueeze(1);
            Tensor s = TorchArray.tensor(sin, x.dtype()).unsqueeze(1);
            long rest = all.size(3) - rotated;
            Tensor turned = rotate(rest == 0 ? all : all.narrow(3, 0, rotated), c, s, inverse ? -1 : 1);
            return rest == 0
                    ? turned
                    : torch.cat(new org.bytedeco.pytorch.TensorVector(turned, all.narrow(3, rotated, rest)), 3);
        });
    }

    /** {@code (x1 cos1 - x2 sin1, x2 cos2 + x1 sin2)} forwards, {@code (x1 cos1 + x2 sin2, x2 cos2 - x1 sin1)} back. */
    private static Tensor rotate(Tensor x, Tensor cos, Tensor sin, int direction) {
        long half = x.size(3) / 2;
        int first = direction > 0 ? 0 : 1;
        Tensor result = torch.mul(x, cos);
        result.narrow(3, 0, half)
                .addcmul_(x.narrow(3, half, half), sin.narrow(3, first * half, half), new Scalar((double) -direction));
        result.narrow(3, half, half)
                .addcmul_(
                        x.narrow(3, 0, half), sin.narrow(3, (1 - first) * half, half), new Scalar((double) direction));
        return result;
    }
}
