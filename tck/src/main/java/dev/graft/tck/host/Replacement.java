package dev.graft.tck.host;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.plugin.Plugin;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.PluginLease;
import dev.graft.spi.method.MethodProvider;
import dev.graft.tck.bench.Bench;
import dev.graft.tck.bench.Logits;
import dev.graft.tck.bench.Tokens;
import dev.graft.tck.bundle.Collected;
import dev.graft.tck.method.MethodDeclaration;
import dev.graft.tck.method.MethodTrial;
import dev.graft.tck.method.Stage;
import dev.graft.tck.rule.Expect;
import dev.graft.tck.rule.NotApplicable;
import java.util.List;

/** A jar that is replaced while somebody uses it. */
final class Replacement {
    private Replacement() {}

    static void newWork(HostTrial trial) throws InterruptedException {
        Presence.swappable(trial);
        try (HostedJar hosted = trial.open()) {
            replaced(hosted).expect("after whoever used it has ended");
            Expect.equal(hosted.broken(), List.of(), "what the host reports after the jar was replaced");
        }
    }

    /** Replaces the jar while it is used; what is given back is the old one's class loader. */
    private static Collected replaced(HostedJar hosted) {
        try (PluginLease user = hosted.lease()) {
            List<Plugin> held = user.held();
            Expect.that(!held.isEmpty(), "the host found no provider");
            List<String> before = Presence.said(held);
            hosted.update();
            for (Plugin old : held) {
                Plugin fresh = hosted.plugin(old.kind(), old.id());
                Expect.that(
                        fresh.provider() != old.provider(), "who comes after the update is still given the old " + old);
                Expect.that(
                        user.plugin(old.kind(), old.id()).provider() == old.provider(),
                        "who used " + old + " before the update is given another one");
                Presence.said(List.of(fresh));
            }
            Expect.equal(Presence.said(held), before, "what the old providers say of themselves after the update");
            return Collected.loaderOf(held.get(0).provider());
        }
    }

    static void adapterInUse(HostTrial trial) throws InterruptedException {
        Presence.swappable(trial);
        if (!trial.jar().services().containsKey(PluginKind.METHOD)) {
            throw new NotApplicable("it offers no method");
        }
        Bench bench = trial.bench().orElseThrow(() -> new NotApplicable("there is no engine to run a method on"));
        long arrays = bench.engine().liveArrays();
        try (HostedJar hosted = trial.open()) {
            used(trial, bench, hosted).expect("after its adapter was released");
            Expect.equal(bench.engine().liveArrays(), arrays, "arrays alive after the adapter was released");
        }
    }

    private static Collected used(HostTrial trial, Bench bench, HostedJar hosted) {
        try (PluginLease user = hosted.lease()) {
            MethodProvider<?> method = user.held().stream()
                    .filter(plugin -> plugin.kind() == PluginKind.METHOD)
                    .map(plugin -> (MethodProvider<?>) plugin.provider())
                    .findFirst()
                    .orElseThrow(() -> new NotApplicable("the host found no method"));
            try (Stage stage = first(trial, bench, method).stage()) {
                AttachedAdapter adapter = stage.moved(1);
                float[] before = logits(stage, adapter);
                hosted.update();
                hosted.plugin(PluginKind.METHOD, method.id()).provider().summary();
                Expect.sameBits(logits(stage, adapter), before, "logits after the jar was replaced");
                hosted.remove();
                Expect.sameBits(logits(stage, adapter), before, "logits after the jar was removed");
            }
            return Collected.loaderOf(method);
        }
    }

    private static float[] logits(Stage stage, AttachedAdapter adapter) {
        return Logits.of(stage.model(), Tokens.PAIR, adapter).all();
    }

    private static MethodTrial<?> first(HostTrial trial, Bench bench, MethodProvider<?> method) {
        MethodDeclaration declaration = trial.declaration().orElseGet(() -> MethodDeclaration.of(method));
        if (declaration.notAlone() != null) {
            throw new NotApplicable(declaration.notAlone());
        }
        return MethodTrial.of(bench, method, declaration).stream()
                .findFirst()
                .orElseThrow(() -> new NotApplicable("there is no tiny model that it fits"));
    }
}
