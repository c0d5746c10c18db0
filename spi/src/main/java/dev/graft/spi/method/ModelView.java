package dev.graft.spi.method;

import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.model.Site;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a method may know of a model: its measures and its sites.
 *
 * @param description the measures
 * @param sites every site, in the order of the forward pass
 */
public record ModelView(ModelDescription description, List<Site> sites) {
    /** Copies the list. */
    public ModelView {
        sites = List.copyOf(sites);
    }

    /** The sites of one kind. */
    public <S extends Site> Stream<S> sites(Class<S> kind) {
        return sites.stream().filter(kind::isInstance).map(kind::cast);
    }

    /** The linear sites. */
    public Stream<LinearSite> linears() {
        return sites(LinearSite.class);
    }

    /** The site of one kind with this name. */
    public <S extends Site> Optional<S> site(String name, Class<S> kind) {
        return sites(kind).filter(site -> site.name().equals(name)).findFirst();
    }
}
