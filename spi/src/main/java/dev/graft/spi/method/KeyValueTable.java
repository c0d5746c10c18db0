package dev.graft.spi.method;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.model.AttentionSite;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Keys and values in front of those of every block, kept as one table as PEFT keeps them:
 * {@code [length, blocks * 2 * keyHeads * headSize]}, by block the keys and then the values.
 *
 * @param sites the attention site of each block, in order
 * @param length number of keys in front
 */
public record KeyValueTable(List<AttentionSite> sites, int length) {
    /** Copies the list. */
    public KeyValueTable {
        sites = List.copyOf(sites);
    }

    /**
     * The table of a model with one stack of blocks.
     *
     * @throws ConfigurationException if the model has two stacks, or blocks whose heads differ
     */
    public static KeyValueTable of(ModelView model, int length) {
        List<AttentionSite> sites = model.sites(AttentionSite.class).toList();
        String type = model.description().modelType();
        boolean uneven = sites.stream()
                .anyMatch(site -> site.keyHeads() != sites.get(0).keyHeads()
                        || site.headSize() != sites.get(0).headSize());
        if (sites.isEmpty() || uneven) {
            throw new ConfigurationException("keys and values cannot be put in front of every block of a " + type
                    + " model, because its blocks do not all have attention of the same heads");
        }
        if (sites.stream().anyMatch(site -> site.kind() == AttentionSite.Kind.CROSS)) {
            throw new ConfigurationException("keys and values cannot be put in front of every block of a " + type
                    + " model, because it has an encoder beside its decoder; models of one stack are supported");
        }
        return new KeyValueTable(sites, length);
    }

    /** Width of the keys of one block, {@code keyHeads * headSize}. */
    public int blockWidth() {
        return sites.get(0).keyHeads() * sites.get(0).headSize();
    }

    /** The table's shape. */
    public Shape shape() {
        return Shape.of(length, 2L * sites.size() * blockWidth());
    }

    /**
     * Puts a table's keys and values in front at every site.
     *
     * @param table the table of a pass
     */
    public void patch(Patches.Builder patches, Function<PatchContext, Tensor> table) {
        for (int block = 0; block < sites.size(); block++) {
            patches.attention(sites.get(block).name(), new Columns(this, block, table));
        }
    }

    /**
     * Puts keys and values together to a table.
     *
     * @param bySite keys and values of {@link #length} tokens by attention site
     */
    public Tensor join(Tensors tensors, Map<String, KeyValues> bySite) {
        List<Tensor> columns = new ArrayList<>();
        for (AttentionSite site : sites) {
            KeyValues own = bySite.get(site.name());
            columns.add(own.keys().transpose(0, 1).reshape(length, blockWidth()));
            columns.add(own.values().transpose(0, 1).reshape(length, blockWidth()));
        }
        return tensors.concat(columns, 1);
    }

    /** The columns of one block. */
    private record Columns(KeyValueTable layout, int block, Function<PatchContext, Tensor> table)
            implements AttentionPatch {
        @Override
        public int length() {
            return layout.length();
        }

        @Override
        public Tensor keys(PatchContext context) {
            return heads(context, 2L * block);
        }

        @Override
        public Tensor values(PatchContext context) {
            return heads(context, 2L * block + 1);
        }

        private Tensor heads(PatchContext context, long column) {
            AttentionSite site = layout.sites().get(block);
            long width = layout.blockWidth();
            return table.apply(context)
                    .slice(1, column * width, (column + 1) * width)
                    .reshape(layout.length(), site.keyHeads(), site.headSize())
                    .transpose(0, 1);
        }
    }
}
