package dev.graft.tck.mutants;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** Something honest of which one method does something else. */
final class Twisted {
    /** What the method does instead. */
    @FunctionalInterface
    interface Twist {
        Object instead(Object[] arguments, Honest honest) throws Throwable;
    }

    /** What the method did. */
    @FunctionalInterface
    interface Honest {
        Object call(Object... arguments) throws Throwable;
    }

    private Twisted() {}

    static <T> T of(Class<T> type, T honest, String method, Twist twist) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, called, arguments) -> {
                    Honest real = given -> {
                        try {
                            return called.invoke(honest, given);
                        } catch (InvocationTargetException thrown) {
                            throw thrown.getCause();
                        }
                    };
                    Object[] given = arguments == null ? new Object[0] : arguments;
                    return called.getName().equals(method) ? twist.instead(given, real) : real.call(given);
                }));
    }
}
