package org.example.lntuning;

import dev.graft.spi.format.PeftNames;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.AttachmentBuilder;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.Suitability;
import dev.graft.spi.model.Task;
import dev.graft.spi.plugin.Documentation;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;

/** Offers LN-tuning. */
public final class LnTuningProvider implements MethodProvider<LnTuningConfig> {
    @Override
    public String id() {
        return "ln-tuning";
    }

    @Override
    public String summary() {
        return "Normalisations only, all or chosen ones";
    }

    @Override
    public Class<LnTuningConfig> configuration() {
        return LnTuningConfig.class;
    }

    @Override
    public Documentation documentation() {
        return new Documentation(
                "Only the gains of the normalisations learn, their biases where they have some, and the classification"
                        + " head; all other weights stay frozen.",
                "y = g * (x - mean) / sqrt(variance + eps) + b (layer norm) or y = g * x / rms(x) (RMS norm), with g"
                        + " and b trainable",
                "Zhao, Tu, Wei, Mei and Xie 2023, Tuning LayerNorm in Attention: Towards Efficient Multi-Modal LLM"
                        + " Finetuning (arXiv 2312.11420)",
                "When a model has to get used to another kind of input or style with very few parameters; it costs"
                        + " nothing at inference and merges. For new knowledge choose a method with more capacity.",
                "sum of the widths of the chosen norms, twice for norms with a bias; plus the modules trained in full",
                "adapter_config.json with peft_type LN_TUNING; adapter_model.safetensors with"
                        + " base_model.model.<norm>.ln_tuning_layers.weight and .bias, as PEFT has them");
    }

    @Override
    public Optional<Suitability> suitability() {
        return Optional.of(new Suitability(
                EnumSet.allOf(Task.class), 50, 5_000, 0.55, Suitability.Cost.NOTHING, 0.001, "", Map.of(), 1e-3));
    }

    @Override
    public AdapterFormat format() {
        return new LnTuningFormat();
    }

    @Override
    public long trainableParameters(ModelView model, LnTuningConfig configuration) {
        return TunedNorms.of(model, configuration).elements(model);
    }

    @Override
    public Attachment attach(ModelView model, LnTuningConfig configuration, AttachContext context) {
        AttachmentBuilder attachment = new AttachmentBuilder(context, PeftNames::onDisk);
        TunedNorms.of(model, configuration).train(model, attachment);
        return attachment.build();
    }
}
