package dev.graft.kernel.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.host.HostEngine;
import dev.graft.kernel.sample.SmallDecoder;
import dev.graft.kernel.tensor.Gradients;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.config.NoOptions;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.AttachmentBuilder;
import dev.graft.spi.method.KeyValueTable;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.Once;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.model.Input;
import dev.graft.spi.plugin.Documentation;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OnceTest {
    private final HostEngine engine = new HostEngine();
    private final GraftTensors tensors = new GraftTensors(engine);
    private final LoadedModel model = SmallDecoder.load(tensors, DType.FLOAT32, 24);
    private final AtomicInteger computed = new AtomicInteger();
    private final AttachedAdapter adapter = AdapterBuilder.attach(
            model, new SquaredTable(computed), new NoOptions(), AdapterBuilder.Setting.fresh("table", 3));

    @AfterEach
    void everythingIsFreed() {
        adapter.release();
        model.close();
        assertThat(engine.liveArrays()).isZero();
    }

    @Test
    void allPatchesAndRowsOfAPassShareOneComputation() {
        RowAssignment rows = RowAssignment.rows(List.of(List.of(adapter), List.of(), List.of(adapter)));
        forward(rows, PassOptions.inference());
        assertThat(computed).hasValue(1);
        forward(rows, PassOptions.inference());
        assertThat(computed).hasValue(2);
    }

    @Test
    void whatACacheHoldsIsNotComputedAgain() {
        RowAssignment rows = RowAssignment.all(List.of(adapter));
        try (KeyValueCache cache = new KeyValueCache(engine)) {
            forward(rows, PassOptions.cached(cache));
            forward(rows, PassOptions.cached(cache));
        }
        assertThat(computed).hasValue(1);
    }

    @Test
    void blocksThatAreRunAgainUseTheSameComputationAndGiveTheSameGradient() {
        float[] kept = gradient(false);
        assertThat(computed).hasValue(1);
        float[] recomputed = gradient(true);
        assertThat(computed).hasValue(2);
        assertThat(recomputed).containsExactly(kept, within(1e-6f)).isNotEqualTo(new float[kept.length]);
    }

    private void forward(RowAssignment rows, PassOptions options) {
        try (Scope scope = tensors.scope()) {
            logits(rows, options);
        }
    }

    private float[] gradient(boolean checkpointing) {
        try (Scope scope = tensors.scope()) {
            Tensor loss = logits(
                            RowAssignment.all(List.of(adapter)),
                            PassOptions.training(RandomStream.seeded(1), checkpointing))
                    .square()
                    .sum();
            Tensor table = adapter.attachment().parameters().get(0).tensor();
            try (Gradients gradients = tensors.backward(loss, List.of(table))) {
                return tensors.constant(gradients.get(table)).floats();
            }
        }
    }

    private Tensor logits(RowAssignment rows, PassOptions options) {
        Tensor ids = tensors.of(new long[] {3, 1, 4, 1, 5, 9}, Shape.of(3, 2));
        return model.forward(Input.of(ids, null), rows, options).logits();
    }

    /** Puts the squares of a table in front of every block's keys and values. */
    private record SquaredTable(AtomicInteger computed) implements MethodProvider<NoOptions> {
        @Override
        public String id() {
            return "squared-table";
        }

        @Override
        public String summary() {
            return "keys and values out of a squared table";
        }

        @Override
        public Class<NoOptions> configuration() {
            return NoOptions.class;
        }

        @Override
        public Documentation documentation() {
            return new Documentation("", "", "", "", "", "");
        }

        @Override
        public AdapterFormat format() {
            throw new UnsupportedOperationException("never stored");
        }

        @Override
        public long trainableParameters(ModelView view, NoOptions configuration) {
            return KeyValueTable.of(view, 2).shape().elements();
        }

        @Override
        public Attachment attach(ModelView view, NoOptions configuration, AttachContext context) {
            KeyValueTable layout = KeyValueTable.of(view, 2);
            AttachmentBuilder attachment = new AttachmentBuilder(context, name -> name);
            Parameter table = attachment.declare(
                    ParameterSpec.of("table", layout.shape(), Initializer.normal(1), Integer.MAX_VALUE));
            Once squares = new Once(pass -> {
                computed.incrementAndGet();
                return table.tensor().square();
            });
            attachment.once(squares);
            layout.patch(attachment.patches(), pass -> pass.once(squares));
            return attachment.build();
        }
    }
}
