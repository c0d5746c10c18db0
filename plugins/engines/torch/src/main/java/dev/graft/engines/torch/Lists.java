package dev.graft.engines.torch;

import org.bytedeco.pytorch.CompilationUnit;
import org.bytedeco.pytorch.Function;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.global.torch;

/**
 * Boxed lists as arguments of {@link Aten}'s operators. The presets bind no constructor for them; TorchScript makes
 * lists of the exact type an operator's schema asks for.
 */
final class Lists {
    private static final String SOURCE = """
            def none() -> List[Optional[number]]:
                scalars: List[Optional[number]] = []
                return scalars

            def one(n: int) -> List[int]:
                return [n]

            def flags(a: bool, b: bool, c: bool) -> List[bool]:
                return [a, b, c]
            """;

    private static final CompilationUnit UNIT = Aten.lasting(torch.compile(SOURCE));
    private static final Function ONE = function("one");
    private static final IValue NO_SCALARS = Aten.lasting(make(function("none")));
    private static final IValue[] FLAGS = allFlags();

    private Lists() {}

    /** The empty {@code List[Optional[Scalar]]}. */
    static IValue noScalars() {
        return NO_SCALARS;
    }

    /** {@code [n]}. */
    static IValue ofOne(long n) {
        return make(ONE, new IValue(n));
    }

    /** Three truth values. */
    static IValue of(boolean a, boolean b, boolean c) {
        return FLAGS[index(a, b, c)];
    }

    private static int index(boolean a, boolean b, boolean c) {
        return (a ? 4 : 0) + (b ? 2 : 0) + (c ? 1 : 0);
    }

    private static IValue[] allFlags() {
        Function flags = function("flags");
        IValue[] all = new IValue[8];
        for (int i = 0; i < all.length; i++) {
            IValue[] bits = {new IValue((i & 4) != 0), new IValue((i & 2) != 0), new IValue((i & 1) != 0)};
            all[i] = Aten.lasting(make(flags, bits));
        }
        return all;
    }

    private static IValue make(Function function, IValue... arguments) {
        IValueVector stack = new IValueVector();
        for (IValue argument : arguments) {
            stack.push_back(argument);
        }
        function.run(stack);
        return new IValue(stack.get(0));
    }

    private static Function function(String name) {
        return Aten.lasting(UNIT.get_function(new QualifiedName(name)));
    }
}
