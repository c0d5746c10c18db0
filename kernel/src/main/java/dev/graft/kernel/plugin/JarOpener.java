package dev.graft.kernel.plugin;

import dev.graft.spi.plugin.Provider;
import java.util.ArrayList;
import java.util.List;

/** Makes the classes of a jar available, in the way of one kind of host. */
public interface JarOpener extends AutoCloseable {
    /** The kind of host, as provenance names it. */
    String host();

    /**
     * Opens a jar.
     *
     * @throws BrokenJarException if none of it can be used; nothing is left open then
     */
    Opened open(PluginJar jar) throws BrokenJarException;

    /** Frees what the opener itself holds; jars are closed before. */
    @Override
    void close();

    /** A jar that is open. */
    interface Opened {
        /** A provider that could be made or, if not, why. */
        List<Made> providers();

        /** Lets go of the jar's classes. */
        void close();

        /**
         * Makes the providers that a jar names.
         *
         * @param classes where its classes are loaded
         * @param end lets go of them
         */
        static Opened of(PluginJar jar, Making classes, Runnable end) {
            List<Made> made = new ArrayList<>();
            jar.providers().forEach((kind, names) -> names.forEach(name -> made.add(Made.of(kind, name, classes))));
            return new Opened() {
                @Override
                public List<Made> providers() {
                    return made;
                }

                @Override
                public void close() {
                    made.clear();
                    end.run();
                }
            };
        }
    }

    /**
     * What became of one provider.
     *
     * @param kind its kind
     * @param className its class
     * @param provider the provider; null if it could not be made
     * @param failure why not, in one line; null if it could
     */
    record Made(PluginKind kind, String className, Provider<?> provider, String failure) {
        /** Has a provider made; never fails. */
        public static Made of(PluginKind kind, String className, Making making) {
            try {
                Object made = making.loaded(className).getConstructor().newInstance();
                return made instanceof Provider<?> provider && kind.provider().isInstance(made)
                        ? new Made(kind, className, provider, null)
                        : failed(kind, className, "is no " + kind.provider().getSimpleName());
            } catch (ClassNotFoundException e) {
                return failed(kind, className, "is not in it: " + Failures.reason(e));
            } catch (NoSuchMethodException | IllegalAccessException e) {
                return failed(kind, className, "has no public constructor without arguments");
            } catch (java.lang.reflect.InvocationTargetException e) {
                return failed(kind, className, "cannot be made: " + Failures.reason(e.getCause()));
            } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
                return failed(kind, className, "cannot be made: " + Failures.reason(e));
            }
        }

        private static Made failed(PluginKind kind, String className, String reason) {
            return new Made(kind, className, null, className + " " + reason);
        }
    }

    /** Where the classes of a jar are loaded. */
    @FunctionalInterface
    interface Making {
        /**
         * Loads a class.
         *
         * @throws ClassNotFoundException if there is none of that name
         */
        Class<?> loaded(String className) throws ClassNotFoundException;
    }
}
