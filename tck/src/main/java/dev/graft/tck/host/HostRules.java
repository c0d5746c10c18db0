package dev.graft.tck.host;

import static dev.graft.tck.rule.Chapter.article;
import static dev.graft.tck.rule.Rule.must;
import static dev.graft.tck.rule.Rule.should;

import dev.graft.tck.rule.Chapter;
import java.util.List;

/** Chapter 16: the jar in the hosts that programs load plugins with. */
public final class HostRules {
    /** The chapter. */
    public static final Chapter<HostTrial> CHAPTER = new Chapter<>(
            16,
            "Hosts",
            List.of(
                    article(
                            must(
                                            "16.01",
                                            "theHostFindsEveryProvider",
                                            "Each host finds every provider that the jar registers, and reports nothing broken; a jar that belongs on the class path is refused with that reason.")
                                    .because("One jar serves every program.")
                                    .look(
                                            "Import-Package, which has to name every package of the contracts that it uses;"
                                                    + " libraries that are not inside."),
                            Presence::found),
                    article(
                            must(
                                            "16.02",
                                            "itSaysTheSameInEveryHost",
                                            "Id, version, summary and configuration are the same however the jar is"
                                                    + " loaded.")
                                    .because("A recipe means the same in every program.")
                                    .look("answers that are made from the class loader, resources or the class path."),
                            Presence::same),
                    article(
                            should(
                                            "16.03",
                                            "everyClassCanBeLoaded",
                                            "Every class in the jar can be loaded, with what its signatures name.")
                                    .because("What is missing shows only once a run is under way.")
                                    .look("libraries left out of the jar; packages left out of Import-Package."),
                            Presence::classes),
                    article(
                            must(
                                            "16.04",
                                            "itGoesAndComesAgain",
                                            "Taken out of the folder it is gone and its classes are collected; put back it is"
                                                    + " there again.")
                                    .because("Plugins are replaced while the program runs.")
                                    .look(
                                            "threads, ThreadLocals, shutdown hooks and caches of classes of the program."),
                            Presence::comesAndGoes),
                    article(
                            must(
                                            "16.05",
                                            "aBundleStopsAndStarts",
                                            "As a bundle of an OSGi framework it is gone while it is stopped, and there again"
                                                    + " once it is started.")
                                    .because("Administrators do so.")
                                    .look("static state that the first start uses up; a bundle activator."),
                            StopAndStart::check),
                    article(
                            must(
                                            "16.06",
                                            "anUpdateIsForNewWork",
                                            "Whoever uses it while its jar is replaced keeps what it has, which says the same as"
                                                    + " before; who comes later gets the new one; at last the old classes are"
                                                    + " collected.")
                                    .because("A run of hours does not end because a newer version came.")
                                    .look("state outside of the class loader: system properties, the file system."),
                            Replacement::newWork),
                    article(
                            must(
                                            "16.07",
                                            "anAdapterInUseOutlivesItsJar",
                                            "An adapter computes the same, to the bit, after its jar was replaced and after it"
                                                    + " was removed; released it leaves no array and no class.")
                                    .because("A server answers while plugins come and go.")
                                    .look("classes and resources that are loaded late: a replaced jar is kept until the"
                                            + " last lease ends, but what is outside of it is not."),
                            Replacement::adapterInUse),
                    article(
                            must(
                                            "16.08",
                                            "noThreadOutlivesTheHost",
                                            "Once the host is closed there are no more threads than before it was opened.")
                                    .because("A thread keeps its plugin in memory for good.")
                                    .look("executors, timers and cleaners, started when a provider is asked."),
                            Presence::threads)));

    private HostRules() {}
}
