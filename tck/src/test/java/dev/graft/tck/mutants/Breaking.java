package dev.graft.tck.mutants;

import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.format.RecipeFormat;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.Combination;
import dev.graft.spi.method.LinearCombination;
import dev.graft.spi.method.LinearPatch;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.method.Patches;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import dev.graft.tck.method.Gain;
import dev.graft.tck.mutants.Twisted.Twist;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Ways to break one thing of the kit's own method. */
final class Breaking {
    private static final List<Array> LOST = new ArrayList<>();

    private Breaking() {}

    /** The kit's own method under another name, with nothing broken. */
    static MethodProvider<Gain.Config> honest() {
        AdapterFormat format = new RecipeFormat("TCK_BROKEN", Set.of("begin"));
        return provider(provider(new Gain(), "id", (a, real) -> "broken-gain"), "format", (a, real) -> format);
    }

    interface Output {
        Tensor output(PatchContext context, Tensor x, Tensor y, Tensor made);
    }

    static MethodProvider<?> output(Output output) {
        return provider("attach", (a, real) -> patched((Attachment) real.call(a), output));
    }

    static Attachment patched(Attachment own, Output output) {
        return replaced(own, patch -> new LinearPatch() {
            @Override
            public Tensor output(PatchContext context, Tensor x, Tensor y) {
                return output.output(context, x, y, patch.output(context, x, y));
            }
        });
    }

    static Attachment replaced(Attachment own, UnaryOperator<LinearPatch> other) {
        Map<String, LinearPatch> linear = new LinkedHashMap<>();
        own.patches().linear().forEach((name, patch) -> linear.put(name, other.apply(patch)));
        Patches patches = linear(own.patches(), linear);
        return Twisted.of(Attachment.class, own, "patches", (none, honest) -> patches);
    }

    static Patches linear(Patches patches, Map<String, LinearPatch> linear) {
        return new Patches(linear, patches.parameter(), patches.embedding(), patches.attention(), patches.sublayer());
    }

    interface Specified {
        ParameterSpec spec(ParameterSpec spec, AttachContext context);
    }

    static MethodProvider<?> spec(Specified specified) {
        return provider("attach", (a, real) -> {
            AttachContext context = (AttachContext) a[2];
            AttachContext twisted = Twisted.of(
                    AttachContext.class,
                    context,
                    "parameter",
                    (spec, own) -> own.call(specified.spec((ParameterSpec) spec[0], context)));
            return real.call(a[0], a[1], twisted);
        });
    }

    static ParameterSpec renamed(ParameterSpec spec, String name) {
        return new ParameterSpec(name, spec.shape(), spec.initializer(), spec.layer(), spec.decay(), spec.storage());
    }

    static MethodProvider<?> attachment(String method, Twist twist) {
        return provider("attach", (a, real) -> Twisted.of(Attachment.class, (Attachment) real.call(a), method, twist));
    }

    interface Changed {
        UnaryOperator<Tensor> change(String name, UnaryOperator<Tensor> change);
    }

    static MethodProvider<?> merge(Changed changed) {
        return provider("attach", (a, real) -> merged((Attachment) real.call(a), changed));
    }

    static Attachment merged(Attachment own, Changed changed) {
        return Twisted.of(Attachment.class, own, "merge", (none, honest) -> {
            Map<String, UnaryOperator<Tensor>> merge = new LinkedHashMap<>();
            own.merge().forEach((name, change) -> merge.put(name, changed.change(name, change)));
            return merge;
        });
    }

    interface Combined {
        Combination.Result<Gain.Config> result(
                Combination<Gain.Config> combination, Combination.Result<Gain.Config> honest);
    }

    @SuppressWarnings("unchecked") // what combine is given
    static MethodProvider<?> combine(Combined combined) {
        return provider("combine", (a, real) -> {
            Combination.Result<Gain.Config> result = null;
            Combination<Gain.Config> combination = (Combination<Gain.Config>) a[1];
            if (combination.how().equals(LinearCombination.NAME)) {
                result = (Combination.Result<Gain.Config>) real.call(a);
            }
            return combined.result(combination, result);
        });
    }

    static MethodProvider<?> format(String method, Twist twist) {
        MethodProvider<?> own = honest();
        AdapterFormat format = Twisted.of(AdapterFormat.class, own.format(), method, twist);
        return provider("format", (a, real) -> format);
    }

    static MethodProvider<?> described(String key, UnaryOperator<Object> value) {
        return format("write", (a, real) -> {
            Map<Object, Object> file = new LinkedHashMap<>((Map<?, ?>) real.call(a));
            file.put(key, value.apply(file));
            return file;
        });
    }

    static MethodProvider<Gain.Config> provider(String method, Twist twist) {
        return provider(honest(), method, twist);
    }

    @SuppressWarnings("unchecked") // a proxy of an interface has no type arguments
    static MethodProvider<Gain.Config> provider(MethodProvider<Gain.Config> own, String method, Twist twist) {
        return Twisted.of(MethodProvider.class, own, method, twist);
    }

    static void leak(AttachContext context) {
        leak(context.tensors());
    }

    static void leak(Tensors tensors) {
        Array lost = ((GraftTensors) tensors).engine().full(Shape.of(1), DType.FLOAT32, 0);
        LOST.add(lost);
    }

    /** Closes what mutants lost on purpose. */
    static void sweep() {
        LOST.forEach(Array::close);
        LOST.clear();
    }
}
