package dev.graft.methods.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.kernel.compose.AdapterBuilder;
import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.testing.Bench;
import dev.graft.kernel.testing.MethodChecks;
import dev.graft.kernel.testing.SmallModel;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.PatchContext;
import dev.graft.spi.method.SublayerPatch;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;

/** One adapter at one sublayer against its formula, written out with loops over doubles. */
class ArrangementTest {
    private static final int WIDTH = 16;
    private static final int LENGTH = 3;
    private static final int TOKENS = 2;
    private static final String SUBLAYER = "transformer.h.0.mlp";
    private static final String MODULE = "transformer.h.0.output_adapters.adapters.check.";
    private static final Offset<Double> ROUNDING = within(2e-4);

    @Property(tries = 60)
    void everyArrangementOfResidualsNormsAndGatesIsTheOneItsKeysName(
            @ForAll boolean parallel,
            @ForAll boolean before,
            @ForAll boolean after,
            @ForAll @IntRange(max = 2) int added,
            @ForAll boolean addedFirst,
            @ForAll boolean ownNormBefore,
            @ForAll boolean ownNormAfter,
            @ForAll boolean gated,
            @ForAll @IntRange(max = 2) int scaling) {
        Map<String, Object> keys = new TreeMap<>();
        keys.put("is_parallel", parallel);
        keys.put("original_ln_before", before || added == 2);
        keys.put("original_ln_after", after);
        keys.put("residual_before_ln", new Object[] {true, false, "post_add"}[added]);
        keys.put("adapter_residual_before_ln", addedFirst);
        keys.put("ln_before", ownNormBefore);
        keys.put("ln_after", ownNormAfter);
        keys.put("use_gating", gated);
        keys.put("scaling", new Object[] {2.5, "learned", "channel"}[scaling]);
        keys.put("non_linearity", "tanh");
        keys.put("reduction_factor", 4);
        try (Bench bench = new Bench();
                LoadedModel model = SmallModel.gpt2().random(bench)) {
            AdapterConfig config = ConfigurationBinder.bind(AdapterConfig.class, keys, "method");
            AttachedAdapter adapter = MethodChecks.moved(
                    bench,
                    AdapterBuilder.attach(
                            model, new AdapterProvider(), config, AdapterBuilder.Setting.fresh("check", 3)),
                    4);
            double[][] stream = random(1);
            double[][] output = random(2);

            double[][] expected = new Expected(config, values(adapter)).join(stream, output);
            float[] found = found(bench, adapter, stream, output);

            for (int i = 0; i < found.length; i++) {
                assertThat((double) found[i])
                        .as("%s, element %d", keys, i)
                        .isCloseTo(expected[i / WIDTH][i % WIDTH], ROUNDING);
            }
            adapter.release();
        }
    }

    private static float[] found(Bench bench, AttachedAdapter adapter, double[][] stream, double[][] output) {
        try (Scope scope = bench.tensors().scope()) {
            Tensor residual = tensor(bench, stream);
            UnaryOperator<Tensor> norm = x -> x.mul(0.5).add(1);
            SublayerPatch patch = adapter.attachment().patches().sublayer().get(SUBLAYER);
            return patch.apply(
                            new Alone(bench.tensors()),
                            residual,
                            tensor(bench, output),
                            norm,
                            changed -> norm.apply(residual.add(changed)))
                    .floats();
        }
    }

    private static Tensor tensor(Bench bench, double[][] rows) {
        float[] flat = new float[LENGTH * WIDTH];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = (float) rows[i / WIDTH][i % WIDTH];
        }
        return bench.tensors().of(flat, Shape.of(1, LENGTH, WIDTH));
    }

    private static double[][] random(long seed) {
        RandomStream random = RandomStream.seeded(seed);
        double[][] rows = new double[LENGTH][WIDTH];
        for (double[] row : rows) {
            for (int i = 0; i < WIDTH; i++) {
                row[i] = (float) (random.nextDouble() * 2 - 1);
            }
        }
        return rows;
    }

    private static Map<String, float[]> values(AttachedAdapter adapter) {
        Map<String, float[]> values = new HashMap<>();
        for (Parameter parameter : adapter.attachment().parameters()) {
            if (parameter.name().startsWith(MODULE)) {
                values.put(
                        parameter.name().substring(MODULE.length()),
                        parameter.tensor().floats());
            }
        }
        return values;
    }

    /** A pass of nothing else, whose last slot is padding. */
    private record Alone(Tensors tensors) implements PatchContext {
        @Override
        public boolean training() {
            return false;
        }

        @Override
        public RandomStream random() {
            throw new IllegalStateException("nothing is drawn");
        }

        @Override
        public Tensor tokens() {
            float[] mask = new float[LENGTH];
            java.util.Arrays.fill(mask, 0, TOKENS, 1);
            return tensors.of(mask, Shape.of(1, LENGTH));
        }

        @Override
        public Tensor linear(LinearSite site, Tensor x) {
            return x.linear(site.weight().tensor(), site.bias().tensor());
        }
    }

    /** The formula. */
    private record Expected(AdapterConfig config, Map<String, float[]> values) {
        double[][] join(double[][] stream, double[][] h) {
            double[][] y = new double[LENGTH][];
            double[][] worked = new double[LENGTH][];
            for (int t = 0; t < LENGTH; t++) {
                double[] sum = sum(stream[t], h[t]);
                worked[t] = config.isParallel() ? stream[t] : config.originalLnBefore() ? norm(sum) : h[t];
            }
            double gate = config.useGating() ? gate(worked) : 1;
            for (int t = 0; t < LENGTH; t++) {
                double[] update = scaled(update(worked[t]), gate);
                if (config.isParallel()) {
                    y[t] = sum(h[t], ownNorm("adapter_norm_after", config.lnAfter(), update));
                } else {
                    double[] sum = sum(stream[t], h[t]);
                    double[] added = config.residualBeforeLn().equals("true")
                            ? h[t]
                            : config.residualBeforeLn().equals("false") ? worked[t] : sum;
                    y[t] = config.adapterResidualBeforeLn()
                            ? ownNorm("adapter_norm_after", config.lnAfter(), sum(update, added))
                            : sum(ownNorm("adapter_norm_after", config.lnAfter(), update), added);
                }
                y[t] = config.originalLnAfter() ? norm(sum(stream[t], y[t])) : y[t];
            }
            return y;
        }

        private double[] update(double[] x) {
            String down = config.lnBefore() ? "adapter_down.1" : "adapter_down.0";
            double[] narrow = linear(down, ownNorm("adapter_norm_before", config.lnBefore(), x));
            for (int i = 0; i < narrow.length; i++) {
                narrow[i] = Math.tanh(narrow[i]);
            }
            double[] wide = linear("adapter_up", narrow);
            for (int i = 0; i < wide.length; i++) {
                float[] learned = values.get("scaling");
                wide[i] *= learned == null ? 2.5 : learned[learned.length == 1 ? 0 : i];
            }
            return wide;
        }

        private double gate(double[][] x) {
            double mean = 0;
            for (int t = 0; t < TOKENS; t++) {
                mean += 1 / (1 + Math.exp(-linear("gate", x[t])[0])) / TOKENS;
            }
            return mean;
        }

        private double[] linear(String layer, double[] x) {
            float[] weight = values.get(layer + ".weight");
            float[] bias = values.get(layer + ".bias");
            double[] y = new double[bias.length];
            for (int o = 0; o < y.length; o++) {
                y[o] = bias[o];
                for (int i = 0; i < x.length; i++) {
                    y[o] += weight[o * x.length + i] * x[i];
                }
            }
            return y;
        }

        private double[] ownNorm(String layer, boolean there, double[] x) {
            if (!there) {
                return x;
            }
            double mean = 0;
            double variance = 0;
            for (double value : x) {
                mean += value / x.length;
            }
            for (double value : x) {
                variance += (value - mean) * (value - mean) / x.length;
            }
            double[] y = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                y[i] = (x[i] - mean) / Math.sqrt(variance + 1e-5) * values.get(layer + ".weight")[i]
                        + values.get(layer + ".bias")[i];
            }
            return y;
        }

        private static double[] norm(double[] x) {
            double[] y = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                y[i] = x[i] / 2 + 1;
            }
            return y;
        }

        private static double[] scaled(double[] x, double factor) {
            double[] y = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                y[i] = x[i] * factor;
            }
            return y;
        }

        private static double[] sum(double[] a, double[] b) {
            double[] y = new double[a.length];
            for (int i = 0; i < a.length; i++) {
                y[i] = a[i] + b[i];
            }
            return y;
        }
    }
}
