package dev.graft.methods.bitfit;

import dev.graft.spi.format.PeftNames;
import dev.graft.spi.format.RecipeFormat;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.AttachmentBuilder;
import dev.graft.spi.method.Combination;
import dev.graft.spi.method.LinearCombination;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.method.Suitability;
import dev.graft.spi.model.Task;
import dev.graft.spi.plugin.Documentation;
import dev.graft.spi.tensor.Tensors;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Offers BitFit. */
public final class BitFitProvider implements MethodProvider<BitFitConfig> {
    private static final AdapterFormat FORMAT =
            new RecipeFormat("GRAFT_BITFIT", Set.of("biases", "inject", "train_head"));

    @Override
    public String id() {
        return "bitfit";
    }

    @Override
    public String summary() {
        return "Bias terms only, all or chosen ones; brought in where a model has none";
    }

    @Override
    public Class<BitFitConfig> configuration() {
        return BitFitConfig.class;
    }

    @Override
    public Documentation documentation() {
        return new Documentation(
                "Only the bias terms learn, those of layer norms included, and the classification head; all weights"
                        + " stay frozen. A model whose layers have no biases, such as Llama, gets them: they begin at"
                        + " zero, so that it computes at first what it did, but they are parameters its authors never"
                        + " trained, and they merge only where its configuration can turn biases on.",
                "y = W0 x + b with b trainable and W0 frozen, at linear layers; y = w0 * norm(x) + b at norms",
                "Ben Zaken, Goldberg and Ravfogel 2022, BitFit: Simple Parameter-efficient Fine-tuning for"
                        + " Transformer-based Masked Language-models",
                "Encoders with biases (BERT, RoBERTa) and small to medium data, where it comes close to full"
                        + " fine-tuning with less than a thousandth of the parameters. For bias-free decoders IA3 or a"
                        + " low-rank update is the better founded choice.",
                "sum of the lengths of the chosen biases, out for a linear layer and the width for a norm; plus the"
                        + " classification head",
                "adapter_config.json with peft_type GRAFT_BITFIT; adapter_model.safetensors with"
                        + " base_model.model.<bias> for every bias, and the parameters of the head");
    }

    @Override
    public Optional<Suitability> suitability() {
        return Optional.of(new Suitability(
                Set.of(Task.SEQ_CLS, Task.TOKEN_CLS, Task.MASKED_LM),
                100,
                20_000,
                0.7,
                Suitability.Cost.NOTHING,
                0.002,
                "",
                Map.of(),
                1e-3));
    }

    @Override
    public AdapterFormat format() {
        return FORMAT;
    }

    @Override
    public long trainableParameters(ModelView model, BitFitConfig configuration) {
        return BiasTerms.of(model, configuration).stream()
                        .mapToLong(term -> term.shape().elements())
                        .sum()
                + BiasTerms.heads(model, configuration).elements(model);
    }

    @Override
    public Combination.Result<BitFitConfig> combine(Tensors tensors, Combination<BitFitConfig> combination) {
        return LinearCombination.average(id(), combination);
    }

    @Override
    public Attachment attach(ModelView model, BitFitConfig configuration, AttachContext context) {
        AttachmentBuilder attachment = new AttachmentBuilder(context, PeftNames::onDisk);
        BiasTerms.of(model, configuration).forEach(term -> term.train(attachment));
        BiasTerms.heads(model, configuration).train(model, attachment, ParameterSpec.Storage.REQUIRED);
        return attachment.build();
    }
}
