package dev.graft.tck.method;

import dev.graft.spi.config.NoOptions;
import dev.graft.spi.format.RecipeFormat;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.AttachmentBuilder;
import dev.graft.spi.method.LinearPatch;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.plugin.Documentation;
import dev.graft.spi.tensor.Tensor;
import java.util.List;
import java.util.Set;

/** A method that lets no pass come to its end: what goes into the last linear layer below the head is refused. */
final class Tripping implements MethodProvider<NoOptions> {
    private static final RecipeFormat FORMAT = new RecipeFormat("TCK_TRIPPING", Set.of());

    /** What ends a pass. */
    static final class Tripped extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Override
    public String id() {
        return "tck-tripping";
    }

    @Override
    public String summary() {
        return "The test kit's own method that ends every pass in an error";
    }

    @Override
    public Class<NoOptions> configuration() {
        return NoOptions.class;
    }

    @Override
    public Documentation documentation() {
        return new Documentation(
                "Every pass ends in an error.", "none", "the test kit", "To see what an error leaves.", "none", "none");
    }

    @Override
    public AdapterFormat format() {
        return FORMAT;
    }

    @Override
    public long trainableParameters(ModelView model, NoOptions configuration) {
        return 0;
    }

    @Override
    public Attachment attach(ModelView model, NoOptions configuration, AttachContext context) {
        AttachmentBuilder attachment = new AttachmentBuilder(context, name -> name);
        List<LinearSite> sites = Gain.scaled(model);
        attachment.patches().linear(sites.get(sites.size() - 1).name(), new Trip());
        return attachment.build();
    }

    private record Trip() implements LinearPatch {
        @Override
        public Tensor input(PatchContext context, Tensor x) {
            throw new Tripped();
        }

        @Override
        public boolean changesInput() {
            return true;
        }
    }
}
