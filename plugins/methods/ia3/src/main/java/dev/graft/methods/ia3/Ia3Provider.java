package dev.graft.methods.ia3;

import dev.graft.spi.format.PeftNames;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.AttachmentBuilder;
import dev.graft.spi.method.Combination;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.method.Suitability;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.Task;
import dev.graft.spi.plugin.Documentation;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.Tensors;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;

/** Offers IA3. */
public final class Ia3Provider implements MethodProvider<Ia3Config> {
    @Override
    public String id() {
        return "ia3";
    }

    @Override
    public String summary() {
        return "Learned scalings of keys, values and feed-forward activations";
    }

    @Override
    public Class<Ia3Config> configuration() {
        return Ia3Config.class;
    }

    @Override
    public Documentation documentation() {
        return new Documentation(
                "A task is learned by turning single activations up or down: keys, values and what a feed-forward"
                        + " layer computes inside are multiplied by one learned number each. All numbers begin at one,"
                        + " and in the end they are multiplied into the weights.",
                "softmax(Q (l_k * K)^T / sqrt(d)) (l_v * V) and (l_ff * gamma(W1 x)) W2, with * element by element;"
                        + " at a layer: l * (W x + b) where the output is scaled, W (l * x) + b where the input is",
                "Liu et al. 2022, Few-Shot Parameter-Efficient Fine-Tuning is Better and Cheaper than In-Context"
                        + " Learning",
                "Few examples, or very many adapters: the smallest method that still reaches every block, mergeable"
                        + " and cheap to mix in a batch. With much data or a task far from pretraining a low-rank"
                        + " update learns more. Learning rates are high, about 3e-3.",
                "sum over scaled layers of out, or of in for feed-forward layers; plus heads and modules trained beside",
                "PEFT's: adapter_config.json with peft_type IA3; adapter_model.safetensors with"
                        + " base_model.model.<module>.ia3_l [out, 1], or [1, in] for feed-forward layers");
    }

    @Override
    public Optional<Suitability> suitability() {
        return Optional.of(new Suitability(
                EnumSet.allOf(Task.class), 4, 1_000, 0.6, Suitability.Cost.NOTHING, 0.001, "", Map.of(), 3e-3));
    }

    @Override
    public AdapterFormat format() {
        return new Ia3Format();
    }

    @Override
    public long trainableParameters(ModelView model, Ia3Config configuration) {
        ScaledLayers layers = ScaledLayers.of(model, configuration);
        long factors = layers.targets().stream()
                .mapToLong(site ->
                        Scaling.shape(site, layers.feedForward().test(site)).elements())
                .sum();
        return factors + ScaledLayers.fullModules(model, configuration).elements(model);
    }

    @Override
    public Attachment attach(ModelView model, Ia3Config configuration, AttachContext context) {
        ScaledLayers layers = ScaledLayers.of(model, configuration);
        AttachmentBuilder attachment = new AttachmentBuilder(context, PeftNames::onDisk);
        Initializer initializer = configuration.initIa3Weights() ? Initializer.constant(1) : Initializer.normal(1);
        for (LinearSite site : layers.targets()) {
            Scaling.attach(site, layers.feedForward().test(site), initializer, attachment);
        }
        ScaledLayers.fullModules(model, configuration).train(model, attachment, ParameterSpec.Storage.REQUIRED);
        return attachment.build();
    }

    @Override
    public Combination.Result<Ia3Config> combine(Tensors tensors, Combination<Ia3Config> combination) {
        return WeightedScalings.combine(combination);
    }
}
