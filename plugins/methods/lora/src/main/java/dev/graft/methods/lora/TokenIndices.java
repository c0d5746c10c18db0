package dev.graft.methods.lora;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.Site;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code trainable_token_indices}: a list for the token table, or lists by module name. */
final class TokenIndices {
    private static final String KEY = "trainable_token_indices";

    private TokenIndices() {}

    /**
     * The tokens by site.
     *
     * @param written a list of ids, a map from names to such lists, or null
     * @throws ConfigurationException if it is something else, names no table or head, or holds an id that is not there
     */
    static Map<Site, List<Long>> read(ModelView model, Object written) {
        Map<Site, List<Long>> bySite = new LinkedHashMap<>();
        if (written instanceof Map<?, ?> byName) {
            byName.forEach((name, ids) -> bySite.put(site(model, String.valueOf(name)), ids(model, ids)));
        } else if (written != null) {
            bySite.put(tokenTable(model), ids(model, written));
        }
        return bySite;
    }

    private static Site tokenTable(ModelView model) {
        return model.sites(EmbeddingSite.class)
                .filter(site -> site.role() == EmbeddingSite.Role.TOKEN)
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(KEY + " is set, but this model has no token table"));
    }

    private static Site site(ModelView model, String name) {
        List<Site> tables =
                model.sites().stream().filter(TokenIndices::hasRowsOfTokens).toList();
        return tables.stream()
                .filter(site -> site.name().equals(name) || site.name().endsWith("." + name))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(KEY + " names '" + name
                        + "', which is neither the token table nor the projection to the vocabulary; these are "
                        + tables.stream().map(Site::name).toList()));
    }

    private static boolean hasRowsOfTokens(Site site) {
        return (site instanceof EmbeddingSite table && table.role() == EmbeddingSite.Role.TOKEN)
                || (site instanceof LinearSite linear && linear.role() == LinearSite.Role.VOCABULARY);
    }

    private static List<Long> ids(ModelView model, Object written) {
        if (!(written instanceof List<?> list) || list.isEmpty()) {
            throw new ConfigurationException(
                    KEY + " holds " + written + " where a list of token ids is needed, such as [7, 19]");
        }
        int vocabulary = model.description().vocabulary();
        List<Long> ids = new ArrayList<>();
        for (Object entry : list) {
            boolean whole = entry instanceof Integer || entry instanceof Long;
            long id = whole ? ((Number) entry).longValue() : -1;
            if (id < 0 || id >= vocabulary) {
                throw new ConfigurationException(
                        KEY + " holds " + entry + ", which is no token id; ids go from 0 to " + (vocabulary - 1));
            }
            if (ids.contains(id)) {
                throw new ConfigurationException(KEY + " holds token id " + id + " twice");
            }
            ids.add(id);
        }
        return List.copyOf(ids);
    }
}
