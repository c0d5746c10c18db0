package dev.graft.methods.ptuningv2;

import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.Combination;
import dev.graft.spi.method.LinearCombination;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.Suitability;
import dev.graft.spi.model.Task;
import dev.graft.spi.plugin.Documentation;
import dev.graft.spi.tensor.Tensors;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Offers P-tuning v2. */
public final class PTuningV2Provider implements MethodProvider<PTuningV2Config> {
    @Override
    public String id() {
        return "p-tuning-v2";
    }

    @Override
    public String summary() {
        return "Prompts of every block that learn by themselves, for understanding tasks too (P-tuning v2)";
    }

    @Override
    public Class<PTuningV2Config> configuration() {
        return PTuningV2Config.class;
    }

    @Override
    public Documentation documentation() {
        return new Documentation(
                "Every block has prompts of its own, as keys and values before those of the text, and they learn"
                        + " directly. With a prompt in every block and a plain head in place of a verbaliser, prompt"
                        + " tuning reaches fine-tuning on classification and labelling, and on small models.",
                "attention(q, [P_K; K], [P_V; V]) in every block, with P itself learning; with prefix_projection"
                        + " P_i = W2 tanh(W1 e_i + b1) + b2",
                "Liu et al. 2021, P-Tuning v2: Prompt Tuning Can Be Comparable to Fine-tuning Universally Across"
                        + " Scales and Tasks",
                "Classification of texts and of tokens with an encoder, and generation where the network of prefix"
                        + " does not help. Easy tasks want few prompts, labelling about a hundred, and learning rates"
                        + " ten times those of fine-tuning. It takes positions of the context and cannot be merged;"
                        + " with much data choose lora.",
                "n 2 L d for n prompts, L blocks and keys of width d in each; with prefix_projection"
                        + " n d + d h + h + (h + 1) 2 L d for a network of width h; plus the head of a classifier",
                "PEFT's for PREFIX_TUNING: adapter_config.json; adapter_model.safetensors with prompt_embeddings"
                        + " [n, 2 L d], by block keys then values, and base_model.<head>; a network in the side file"
                        + " training_state.safetensors, which PEFT does not read");
    }

    @Override
    public Optional<Suitability> suitability() {
        return Optional.of(new Suitability(
                Set.of(Task.CAUSAL_LM, Task.SEQ_CLS, Task.TOKEN_CLS),
                200,
                20_000,
                0.7,
                Suitability.Cost.LONGER_TEXTS,
                0.005,
                "",
                Map.of(),
                5e-3));
    }

    @Override
    public AdapterFormat format() {
        return new PTuningV2Format();
    }

    @Override
    public long trainableParameters(ModelView model, PTuningV2Config configuration) {
        return LayerPrompts.of(model, configuration).elements();
    }

    @Override
    public Combination.Result<PTuningV2Config> combine(Tensors tensors, Combination<PTuningV2Config> combination) {
        return LinearCombination.sum(id(), combination);
    }

    @Override
    public Attachment attach(ModelView model, PTuningV2Config configuration, AttachContext context) {
        return LayerPrompts.of(model, configuration).attach(context);
    }
}
