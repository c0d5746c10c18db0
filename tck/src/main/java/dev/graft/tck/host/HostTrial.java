package dev.graft.tck.host;

import dev.graft.tck.bench.Bench;
import dev.graft.tck.bundle.PluginJar;
import dev.graft.tck.method.MethodDeclaration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A jar with one kind of host.
 *
 * @param kind the host
 * @param jar the jar, and its classes as they are without a host
 * @param bench what its methods are run on; empty where there is no engine
 * @param declaration what the author says about a method, in place of what the jar holds
 */
public record HostTrial(HostKind kind, PluginJar jar, Optional<Bench> bench, Optional<MethodDeclaration> declaration) {
    /** A trial for each kind of host. */
    public static List<HostTrial> of(PluginJar jar, Optional<Bench> bench, Optional<MethodDeclaration> declaration) {
        return Stream.of(HostKind.values())
                .map(kind -> new HostTrial(kind, jar, bench, declaration))
                .toList();
    }

    /** The jar in a host that is running; closed by the caller. */
    HostedJar open() {
        return HostedJar.open(kind, jar.file());
    }

    @Override
    public String toString() {
        return jar + " " + kind;
    }
}
