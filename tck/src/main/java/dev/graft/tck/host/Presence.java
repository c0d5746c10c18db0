package dev.graft.tck.host;

import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.tck.bundle.Collected;
import dev.graft.tck.bundle.PluginJar;
import dev.graft.tck.rule.Expect;
import dev.graft.tck.rule.NotApplicable;
import dev.graft.tck.rule.Threads;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** A jar that is there, and one that is no longer. */
final class Presence {
    private static final int PATIENCE = 20;

    private Presence() {}

    static void found(HostTrial trial) {
        try (HostedJar hosted = trial.open()) {
            if (staysOnTheClassPath(trial.jar())) {
                Expect.equal(hosted.plugins(), List.of(), "plugins of a jar that belongs on the class path");
                Expect.that(
                        hosted.broken().stream().anyMatch(line -> line.contains("class path")),
                        "the host does not say that it belongs on the class path, but " + hosted.broken());
                return;
            }
            Expect.equal(hosted.broken(), List.of(), "what the host reports");
            List<String> registered = trial.jar().services().values().stream()
                    .flatMap(List::stream)
                    .sorted()
                    .toList();
            List<String> found = hosted.plugins().stream()
                    .map(plugin -> plugin.provider().getClass().getName())
                    .sorted()
                    .toList();
            Expect.equal(found, registered, "providers that the host found");
        }
    }

    static void same(HostTrial trial) {
        swappable(trial);
        try (HostedJar hosted = trial.open()) {
            Expect.equal(
                    said(hosted.plugins()),
                    said(trial.jar().plugins()),
                    "what the providers say of themselves, beside what they say without a host");
        }
    }

    /** What plugins say of themselves, a line each. */
    static List<String> said(List<Plugin> plugins) {
        return plugins.stream()
                .map(plugin -> plugin + ": " + plugin.provider().summary() + " "
                        + keys(plugin.provider().configuration()))
                .sorted()
                .toList();
    }

    private static String keys(Class<?> configuration) {
        TreeMap<String, String> keys = new TreeMap<>();
        for (var component : configuration.getRecordComponents()) {
            keys.put(component.getName(), component.getGenericType().getTypeName());
        }
        return keys.toString();
    }

    static void classes(HostTrial trial) {
        swappable(trial);
        try (HostedJar hosted = trial.open()) {
            Expect.that(!hosted.plugins().isEmpty(), "the host found no provider");
            ClassLoader loader = hosted.plugins().get(0).provider().getClass().getClassLoader();
            List<String> missing = new ArrayList<>();
            for (String name :
                    PluginJar.classes(trial.jar().contents().keySet()).sorted().toList()) {
                try {
                    for (Method method : Class.forName(name, false, loader).getDeclaredMethods()) {
                        method.getParameterTypes();
                    }
                } catch (ClassNotFoundException | LinkageError e) {
                    missing.add(name + " (" + e + ")");
                }
            }
            Expect.that(missing.isEmpty(), "these classes cannot be loaded: " + missing);
        }
    }

    static void comesAndGoes(HostTrial trial) throws InterruptedException {
        swappable(trial);
        try (HostedJar hosted = trial.open()) {
            List<String> before = said(hosted.plugins());
            Expect.that(!before.isEmpty(), "the host found no provider");
            Collected old = loader(hosted);
            hosted.remove();
            Expect.equal(hosted.plugins(), List.of(), "plugins after the jar was taken out");
            old.expect("after the jar was taken out");
            hosted.install();
            Expect.equal(hosted.broken(), List.of(), "what the host reports when the jar comes again");
            Expect.equal(
                    said(hosted.plugins()), before, "what the providers say of themselves when the jar comes again");
        }
    }

    private static Collected loader(HostedJar hosted) {
        return Collected.loaderOf(hosted.plugins().get(0).provider());
    }

    static void threads(HostTrial trial) throws InterruptedException {
        swappable(trial);
        Threads before = Threads.now();
        try (HostedJar hosted = trial.open()) {
            Expect.that(!hosted.plugins().isEmpty(), "the host found no provider");
            said(hosted.plugins());
        }
        before.expectNoMore(PATIENCE);
    }

    /** What stays on the class path of the program is loaded by no host. */
    static void swappable(HostTrial trial) {
        if (staysOnTheClassPath(trial.jar())) {
            throw new NotApplicable("it stays on the class path of the program, and no host loads it");
        }
    }

    private static boolean staysOnTheClassPath(PluginJar jar) {
        return jar.staysOnTheClassPath() || jar.services().containsKey(PluginKind.ENGINE);
    }
}
