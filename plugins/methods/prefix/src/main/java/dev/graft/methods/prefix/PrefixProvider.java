package dev.graft.methods.prefix;

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

/** Offers prefix tuning. */
public final class PrefixProvider implements MethodProvider<PrefixConfig> {
    @Override
    public String id() {
        return "prefix";
    }

    @Override
    public String summary() {
        return "Keys and values in front of every block, learnt through a network (prefix tuning)";
    }

    @Override
    public Class<PrefixConfig> configuration() {
        return PrefixConfig.class;
    }

    @Override
    public Documentation documentation() {
        return new Documentation(
                "A few virtual tokens stand before every text, not as vectors at the input but as keys and values in"
                        + " every block, so that they steer all of the model while all of it stays frozen. They learn"
                        + " through a small network, which makes training stable and is dropped afterwards.",
                "attention(q, [P_K; K], [P_V; V]) in every block, with row i of all P_K and P_V"
                        + " P_i = W2 tanh(W1 e_i + b1) + b2; without prefix_projection P itself learns",
                "Li and Liang 2021, Prefix-Tuning: Optimizing Continuous Prompts for Generation",
                "Generation tasks with little data, and many tasks on one base: an adapter is a few rows and rows of"
                        + " one batch may use different ones. It takes n positions of the context and cannot be"
                        + " merged. For classification and labelling see p-tuning-v2; with more data choose lora.",
                "n d + d h + h + (h + 1) 2 L d for n virtual tokens, L blocks, keys of width d in each and a network"
                        + " of width h; n 2 L d without prefix_projection; plus the head of a classifier",
                "PEFT's: adapter_config.json with peft_type PREFIX_TUNING; adapter_model.safetensors with"
                        + " prompt_embeddings [n, 2 L d], by block keys then values; the network in the side file"
                        + " training_state.safetensors, which PEFT does not read");
    }

    @Override
    public Optional<Suitability> suitability() {
        return Optional.of(new Suitability(
                Set.of(Task.CAUSAL_LM, Task.SEQ_2_SEQ_LM),
                200,
                10_000,
                0.65,
                Suitability.Cost.LONGER_TEXTS,
                0.1,
                "",
                Map.of(),
                1e-3));
    }

    @Override
    public AdapterFormat format() {
        return new PrefixFormat();
    }

    @Override
    public long trainableParameters(ModelView model, PrefixConfig configuration) {
        return PrefixBuilder.of(model, configuration).elements();
    }

    @Override
    public Combination.Result<PrefixConfig> combine(Tensors tensors, Combination<PrefixConfig> combination) {
        return LinearCombination.sum(id(), combination);
    }

    @Override
    public Attachment attach(ModelView model, PrefixConfig configuration, AttachContext context) {
        return PrefixBuilder.of(model, configuration).attach(context);
    }
}
