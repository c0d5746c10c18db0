package ${package};

import dev.graft.spi.format.PeftNames;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.AttachmentBuilder;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.plugin.Documentation;

/** Offers the technique ${methodId}. */
public final class ${className}Provider implements MethodProvider<${className}Config> {
    @Override
    public String id() {
        return "${methodId}";
    }

    @Override
    public String summary() {
        return "An offset on what comes out of linear layers";
    }

    @Override
    public Class<${className}Config> configuration() {
        return ${className}Config.class;
    }

    @Override
    public Documentation documentation() {
        return new Documentation(
                "Every chosen linear layer adds a trainable vector to what it computes; all weights stay frozen.",
                "y = W x + b + d, with d trainable and zero at first",
                "a beginning for a technique of your own",
                "Not at all: change it into yours.",
                "sum of the widths of the chosen layers",
                "adapter_config.json with peft_type ${methodId}; adapter_model.safetensors with"
                        + " base_model.model.<layer>.offset");
    }

    @Override
    public AdapterFormat format() {
        return new ${className}Format();
    }

    @Override
    public long trainableParameters(ModelView model, ${className}Config configuration) {
        return ${className}Layers.of(model, configuration).elements(model);
    }

    @Override
    public Attachment attach(ModelView model, ${className}Config configuration, AttachContext context) {
        AttachmentBuilder attachment = new AttachmentBuilder(context, PeftNames::onDisk);
        ${className}Layers.of(model, configuration).train(model, attachment);
        return attachment.build();
    }
}
