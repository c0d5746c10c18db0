package dev.graft.kernel.compose;

import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.FrozenMatrix;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.Once;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.method.SublayerPatch;
import dev.graft.spi.model.AttentionSite;
import dev.graft.spi.model.EmbeddingSite;
import dev.graft.spi.model.Input;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.NormSite;
import dev.graft.spi.model.Pass;
import dev.graft.spi.model.SublayerSite;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

/** One run through a model: hands each site to its composition. Used by one thread, in the scope it was made in. */
final class KernelPass implements Pass {
    private final GraftTensors tensors;
    private final PassOptions options;
    private final int maxPositions;
    private final RowAssignment assignment;
    private final RowGroups groups;
    private final ParameterValues values;
    private final LinearComposition linears;
    private final EmbeddingComposition embeddings;
    private final AttentionComposition attentions;
    private final Input input;
    private final Scope home;
    private final Map<Once, Tensor> once = new HashMap<>();
    private TokenLayout layout;

    /**
     * A pass.
     *
     * @param maxPositions longest sequence the model takes, or 0
     */
    KernelPass(GraftTensors tensors, Input input, RowAssignment assignment, PassOptions options, int maxPositions) {
        assignment.check(input.ids().size(0));
        this.tensors = tensors;
        this.input = input;
        this.options = options;
        this.maxPositions = maxPositions;
        this.assignment = assignment;
        this.groups = new RowGroups(tensors, assignment);
        this.values = new ParameterValues(this::context);
        this.linears = new LinearComposition(tensors, groups, values, this::context);
        this.embeddings = new EmbeddingComposition(tensors, groups, values, this::context);
        this.home = tensors.currentScope();
        this.attentions =
                new AttentionComposition(tensors, groups, context(List.of()), this::context, options.cache(), home);
    }

    @Override
    public Tensors tensors() {
        return tensors;
    }

    @Override
    public boolean training() {
        return options.training();
    }

    /** What dropout and other chance draw from. */
    RandomStream random() {
        return options.random();
    }

    /** What an attachment computes once in this pass; it lives as long as the pass. */
    Tensor once(Once computation) {
        Tensor known = once.get(computation);
        if (known == null) {
            known = tensors.moveTo(home, computation.compute(context(List.of())));
            once.put(computation, known);
        }
        return known;
    }

    /** Computes ahead what patches share, where blocks are run again and could not leave anything behind. */
    private void computeAhead(List<AttachedAdapter> adapters) {
        for (AttachedAdapter adapter : adapters) {
            computeAhead(adapter.parts());
            adapter.attachment().once().forEach(this::once);
        }
    }

    private PatchContext context(List<AttachedAdapter> adapters) {
        return new RowContext(this, adapters);
    }

    @Override
    public Tensor embed(EmbeddingSite site, Tensor ids) {
        if (site.role() != EmbeddingSite.Role.TOKEN) {
            return embeddings.apply(site, ids, 0);
        }
        int batch = Math.toIntExact(ids.size(0));
        boolean continued = options.cache() != null && !options.cache().isEmpty();
        int[] virtual = continued ? new int[batch] : EmbeddingComposition.virtualTokens(site.name(), assignment, batch);
        long[] first =
                continued ? options.cache().nextPositions() : AttentionComposition.positionsTaken(assignment, batch);
        layout = TokenLayout.of(input, virtual, first);
        checkLength();
        if (options.checkpointing()) {
            groups.all().forEach(group -> computeAhead(group.adapters()));
        }
        return embeddings.apply(site, ids, layout.virtual());
    }

    private void checkLength() {
        long longest = Arrays.stream(layout.nextPositions()).max().orElse(0);
        if (maxPositions > 0 && longest > maxPositions) {
            throw new ConfigurationException("a sequence of " + longest + " tokens is longer than the " + maxPositions
                    + " positions this model has");
        }
    }

    @Override
    public Tensor positions() {
        return tensors.of(layout().flatPositions(), Shape.of(layout().batch(), layout().length()));
    }

    @Override
    public Tensor linear(LinearSite site, Tensor x) {
        return linears.apply(site, x);
    }

    @Override
    public Tensor norm(NormSite site, Tensor x) {
        if (groups.uniform() || !groups.any(adapters -> replaces(site, adapters))) {
            return norm(site, x, groups.uniform() ? groups.only() : List.of());
        }
        return groups.map(x, (group, rows) -> norm(site, rows, group.adapters()));
    }

    @Override
    public Tensor attend(AttentionSite site, Tensor query, Tensor key, Tensor value, Tensor bias) {
        return attentions.apply(site, layout(), query, key, value, bias);
    }

    @Override
    public Tensor sublayer(SublayerSite site, Tensor residual, Tensor output) {
        if (!groups.any(adapters -> !patches(site, adapters).isEmpty())) {
            Tensor sum = residual.add(output);
            return site.norm() == null ? sum : norm(site.norm(), sum);
        }
        return groups.map(output, (group, rows) -> {
            List<AttachedAdapter> adapters = group.adapters();
            UnaryOperator<Tensor> norm = x -> site.norm() == null ? x : norm(site.norm(), x, adapters);
            Tensor stream = groups.rows(group, residual);
            return joined(site, context(adapters), stream, rows, norm, patches(site, adapters));
        });
    }

    @Override
    public Tensor block(int index, Tensor hidden, UnaryOperator<Tensor> block) {
        if (options.checkpointing()) {
            return tensors.checkpointed(hidden, block, options.random());
        }
        try (Scope scope = tensors.scope()) {
            return scope.keep(block.apply(hidden));
        }
    }

    @Override
    public Tensor dropout(Tensor x, double probability) {
        return context(List.of()).dropout(x, probability);
    }

    @Override
    public Tensor firstTokens() {
        return tensors.of(layout().firstTokens(), Shape.of(layout().batch()));
    }

    @Override
    public Tensor lastTokens() {
        return tensors.of(layout().lastTokens(), Shape.of(layout().batch()));
    }

    @Override
    public Tensor vocabularyLoss(LinearSite site, Tensor x, Tensor labels, boolean shift) {
        LabelledRows rows = LabelledRows.of(labels, layout(), shift, site.outputs());
        if (rows.isEmpty()) {
            return LabelledRows.none(tensors, labels.shape());
        }
        Tensor picked = rows.labels(tensors);
        Tensor losses;
        if (linears.untouched(site) && !site.inputMajor()) {
            Tensor bias = site.bias() == null ? null : site.bias().tensor();
            FrozenMatrix matrix = FrozenWeights.frozen(site.weight()).matrix(false);
            losses = tensors.linearCrossEntropy(rows.pick(tensors, x), matrix, bias, picked);
        } else if (groups.uniform()) {
            losses = linear(site, rows.pick(tensors, x)).crossEntropy(picked);
        } else {
            losses = rows.pick(tensors, linear(site, x)).crossEntropy(picked);
        }
        return rows.putBack(tensors, losses, labels.shape());
    }

    /** Which slots of the rows with these adapters hold tokens, {@code [rows, length]}. */
    Tensor tokens(List<AttachedAdapter> adapters) {
        TokenLayout slots = layout();
        float[] flat = new float[slots.batch() * slots.length()];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = slots.valid()[i / slots.length()][i % slots.length()] ? 1 : 0;
        }
        Tensor all = tensors.of(flat, Shape.of(slots.batch(), slots.length()));
        return groups.rows(groups.of(adapters), all);
    }

    /** Notes in the cache that the pass is complete. */
    void complete() {
        if (options.cache() != null) {
            options.cache().advance(layout());
        }
    }

    private TokenLayout layout() {
        if (layout == null) {
            throw new IllegalStateException("a model must embed its tokens before it uses positions or attention");
        }
        return layout;
    }

    private boolean replaces(NormSite site, List<AttachedAdapter> adapters) {
        return values.replaces(site.name() + ".weight", site.weight().name(), adapters)
                || values.replaces(site.name() + ".bias", biasName(site), adapters);
    }

    private Tensor norm(NormSite site, Tensor x, List<AttachedAdapter> adapters) {
        Tensor weight = values.value(site.name() + ".weight", site.weight(), adapters);
        String biasName = site.name() + ".bias";
        Tensor bias = site.bias() == null ? null : site.bias().tensor();
        if (values.replaces(biasName, biasName(site), adapters)) {
            Tensor base = bias == null
                    ? tensors.zeros(site.weight().shape(), site.weight().dtype())
                    : bias;
            bias = values.value(biasName, biasName(site), base, adapters);
        }
        if (site.kind() == NormSite.Kind.LAYER) {
            return x.layerNorm(weight, bias, site.epsilon());
        }
        Tensor normed = x.rmsNorm(weight, site.epsilon());
        return bias == null ? normed : normed.add(bias);
    }

    private static String biasName(NormSite site) {
        return site.bias() == null ? site.name() + ".bias" : site.bias().name();
    }

    private Tensor joined(
            SublayerSite site,
            PatchContext context,
            Tensor residual,
            Tensor output,
            UnaryOperator<Tensor> norm,
            List<SublayerPatch> patches) {
        if (patches.isEmpty()) {
            return norm.apply(residual.add(output));
        }
        List<SublayerPatch> rest = patches.subList(1, patches.size());
        AtomicBoolean handedOn = new AtomicBoolean(rest.isEmpty());
        Tensor stream = patches.get(0).apply(context, residual, output, norm, changed -> {
            handedOn.set(true);
            return joined(site, context, residual, changed, norm, rest);
        });
        if (!handedOn.get()) {
            throw new ConfigurationException("at " + site.name()
                    + " an adapter joins the sublayer to the stream its own way, so that what is attached after it"
                    + " would do nothing: attach it last");
        }
        return stream;
    }

    private static List<SublayerPatch> patches(SublayerSite site, List<AttachedAdapter> adapters) {
        return adapters.stream()
                .map(adapter -> adapter.patches().sublayer().get(site.name()))
                .filter(Objects::nonNull)
                .toList();
    }
}
