package dev.graft.methods.ptuning;

import dev.graft.spi.config.Key;

/**
 * The virtual tokens and the network that writes them; the keys of PEFT's {@code P_TUNING}, and one of Graft's own.
 *
 * @param numVirtualTokens number of virtual tokens
 * @param encoderReparameterizationType the network
 * @param encoderHiddenSize its width; null = that of the model
 * @param encoderNumLayers layers of an LSTM; an MLP always has three
 * @param encoderDropout dropout between the layers of an LSTM
 * @param pseudoToken the token whose occurrences in the input the virtual tokens stand in for; null = they stand in
 *     front of the input
 */
public record PTuningConfig(
        @Key(value = "Number of virtual tokens", required = true, min = 1)
        int numVirtualTokens,

        @Key(
                value = "The network that writes the virtual tokens: MLP, or a bidirectional LSTM with two linear"
                        + " layers behind it",
                defaultsTo = "MLP",
                allowed = {"MLP", "LSTM"})
        String encoderReparameterizationType,

        @Key(value = "Width of that network; left out, the width of the model", min = 1)
        Integer encoderHiddenSize,

        @Key(
                value = "Layers of the LSTM; an MLP has three linear layers whatever this says, as in PEFT",
                defaultsTo = "2",
                min = 1)
        int encoderNumLayers,

        @Key(
                value = "Probability of dropping an output between the layers of the LSTM; an MLP drops nothing",
                defaultsTo = "0",
                min = 0,
                max = 0.999)
        double encoderDropout,

        @Key("A token of the vocabulary whose occurrences in the input give way to the virtual tokens, in order; left"
                + " out, virtual tokens stand in front of the input")
        String pseudoToken) {}
