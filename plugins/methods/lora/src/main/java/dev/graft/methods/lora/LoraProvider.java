package dev.graft.methods.lora;

import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.Combination;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.Suitability;
import dev.graft.spi.model.Task;
import dev.graft.spi.plugin.Documentation;
import dev.graft.spi.tensor.Tensors;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;

/** Offers low-rank adaptation, with its rank-stabilised and weight-decomposed variants. */
public final class LoraProvider implements MethodProvider<LoraConfig> {
    @Override
    public String id() {
        return "lora";
    }

    @Override
    public String summary() {
        return "Low-rank updates of linear layers and embeddings (LoRA, rsLoRA, DoRA, PiSSA)";
    }

    @Override
    public Class<LoraConfig> configuration() {
        return LoraConfig.class;
    }

    @Override
    public Documentation documentation() {
        return new Documentation(
                "The change that fine-tuning makes to a weight has low rank: learn it as a product of two thin"
                        + " matrices and leave the weight alone. The product can be added to the weight afterwards, so"
                        + " a merged model is as fast as the base.",
                "h = W0 x + (alpha / r) B A x, with A [r, in] and B [out, r]; trainable parameters: r (in + out) per"
                        + " layer; DoRA adds one magnitude per output",
                "Hu et al. 2021, LoRA; Kalajdzievski 2023, rsLoRA; Liu et al. 2024, DoRA; Meng et al. 2024, PiSSA",
                "The first choice for most tasks: robust, mergeable, served without loss of speed. Raise r for much"
                        + " data or a task far from pretraining; with r above 32 set use_rslora. Adapt all-linear"
                        + " when quality counts more than size.",
                "sum of r (in + out) over adapted layers and r (rows + width) over adapted tables; with use_dora out"
                        + " more for each layer; with lora_bias out more; plus biases and modules trained beside",
                "PEFT's: adapter_config.json with peft_type LORA; adapter_model.safetensors with"
                        + " base_model.model.<module>.lora_A.weight [r, in] and lora_B.weight [out, r]");
    }

    @Override
    public Optional<Suitability> suitability() {
        return Optional.of(new Suitability(
                EnumSet.allOf(Task.class),
                200,
                1_000_000,
                0.9,
                Suitability.Cost.NOTHING,
                0.02,
                "",
                Map.of("r", 8, "lora_alpha", 16, "target_modules", "all-linear"),
                5e-4));
    }

    @Override
    public AdapterFormat format() {
        return new LoraFormat();
    }

    @Override
    public long trainableParameters(ModelView model, LoraConfig configuration) {
        return new ParameterCount(model, configuration).total();
    }

    @Override
    public Attachment attach(ModelView model, LoraConfig configuration, AttachContext context) {
        return LoraBuilder.build(model, configuration, context);
    }

    @Override
    public Combination.Result<LoraConfig> combine(Tensors tensors, Combination<LoraConfig> combination) {
        return new LoraCombination(tensors, combination).result();
    }
}
