"""The techniques of PEFT and the settings that they are tried with; as far as both have them, those of Graft's declarations."""

from dataclasses import dataclass
from typing import Callable

import peft

QUERY_VALUE = ["q_proj", "v_proj"]
BERT = ["query", "value"]
CONV1D = ["c_attn"]


@dataclass(frozen=True)
class Setting:
    """A tiny model and what makes a configuration for it, given its task."""

    model: str
    config: Callable


@dataclass(frozen=True)
class Method:
    """A technique: its settings, what it cannot do by its nature, and what it is called in Graft."""

    id: str
    title: str
    settings: tuple
    begins_elsewhere: bool = False  # a fresh one changes the outputs
    approximate: str = ""  # parameters whose gradient is by definition not that of the loss, a regular expression
    deaf: str = ""  # parameters that no gradient reaches by their nature
    single: bool = False  # it computes in single precision whatever the model's precision is
    one_at_a_time: bool = False  # no more than one of its adapters can be active
    graft: str = ""  # the technique of Graft that does the same


def on(model, cls, **keys):
    """A setting: a configuration of this class, with these keys."""
    return Setting(model, lambda task: cls(task_type=task, **keys))


def linear(cls, llama=None, bert=None, conv1d=None, more=None, **keys):
    """Settings on query and value of a decoder and an encoder; with keys for Conv1D also on a GPT-2."""
    keys = keys | (more or {})
    settings = [
        on("decoder", cls, target_modules=QUERY_VALUE, **keys | (llama or {})),
        on("encoder-classifier", cls, target_modules=BERT, **keys | (bert or {})),
    ]
    if conv1d is not None:
        settings.insert(1, on("decoder-input-major", cls, target_modules=CONV1D, **keys | conv1d))
    return tuple(settings)


def virtual(cls, **keys):
    """Settings of a technique of virtual tokens."""
    return (
        on("decoder", cls, num_virtual_tokens=3, **keys),
        on("decoder-input-major", cls, num_virtual_tokens=2, **keys),
        on("encoder-classifier", cls, num_virtual_tokens=2, **keys),
    )


IN_FIRST = dict(fan_in_fan_out=True)

BOTH = (
    Method("lora", "LoRA", (
        on("decoder", peft.LoraConfig, r=4),
        on("decoder-tied", peft.LoraConfig, r=2, target_modules="all-linear", use_rslora=True),
        on("decoder-input-major", peft.LoraConfig, r=2, lora_alpha=4, **IN_FIRST),
        on("encoder-classifier", peft.LoraConfig),
    ), graft="lora"),
    # takes the norm for a constant when it differentiates (section 4.3 of its paper)
    Method("dora", "DoRA", (
        on("decoder-biases", peft.LoraConfig, r=4, use_dora=True),
        on("decoder-input-major", peft.LoraConfig, r=2, use_dora=True, **IN_FIRST),
    ), approximate="lora_[AB]", graft="lora"),
    # the nearest that PEFT has to BitFit
    Method("lora-bias", "LoRA and all biases", (
        on("decoder-biases", peft.LoraConfig, r=4, bias="all"),
        on("encoder-classifier", peft.LoraConfig, bias="all"),
    ), deaf=r"k_proj.*bias|key.*bias", graft="bitfit"),
    Method("ia3", "IA³", (
        on("decoder", peft.IA3Config),
        on("decoder-biases", peft.IA3Config),
        on("decoder-input-major", peft.IA3Config, **IN_FIRST),
        on("encoder-classifier", peft.IA3Config),
    ), graft="ia3"),
    Method("prefix", "prefix tuning", virtual(peft.PrefixTuningConfig, prefix_projection=True, encoder_hidden_size=8),
           begins_elsewhere=True, one_at_a_time=True, graft="prefix"),
    Method("p-tuning-v2", "P-tuning v2", virtual(peft.PrefixTuningConfig),
           begins_elsewhere=True, one_at_a_time=True, graft="p-tuning-v2"),
    Method("prompt", "prompt tuning", virtual(peft.PromptTuningConfig),
           begins_elsewhere=True, one_at_a_time=True, graft="prompt"),
    Method("p-tuning", "P-tuning", (
        on("decoder", peft.PromptEncoderConfig, num_virtual_tokens=3, encoder_hidden_size=8),
        on("decoder-input-major", peft.PromptEncoderConfig, num_virtual_tokens=2, encoder_hidden_size=8,
           encoder_reparameterization_type="LSTM"),
        on("encoder-classifier", peft.PromptEncoderConfig, num_virtual_tokens=2),
    ), begins_elsewhere=True, one_at_a_time=True, graft="p-tuning"),
)

PEFT_ALONE = (
    Method("adalora", "AdaLoRA", linear(
        peft.AdaLoraConfig, init_r=4, target_r=2, tinit=1, tfinal=10, total_step=100, deltaT=1, conv1d=IN_FIRST)),
    Method("vera", "VeRA", linear(peft.VeraConfig, r=8)),
    Method("loha", "LoHa", linear(peft.LoHaConfig, r=4)),
    Method("lokr", "LoKr", linear(peft.LoKrConfig, r=4)),
    Method("oft", "OFT", linear(peft.OFTConfig, oft_block_size=4)),
    Method("boft", "BOFT", linear(peft.BOFTConfig, boft_block_size=4)),
    Method("hra", "HRA", linear(peft.HRAConfig, r=4)),
    Method("fourierft", "FourierFT", linear(peft.FourierFTConfig, n_frequency=20), begins_elsewhere=True, single=True),
    Method("vblora", "VB-LoRA", linear(peft.VBLoRAConfig, r=2, num_vectors=8, vector_length=8), begins_elsewhere=True),
    Method("ln-tuning", "LN tuning", (
        on("decoder", peft.LNTuningConfig, target_modules=["input_layernorm", "post_attention_layernorm"]),
        on("decoder-input-major", peft.LNTuningConfig, target_modules=["ln_1", "ln_2"]),
        on("encoder-classifier", peft.LNTuningConfig, target_modules=["LayerNorm"]),
    )),
    Method("trainable-tokens", "trainable tokens", (
        on("decoder", peft.TrainableTokensConfig, token_indices=[7, 30], target_modules=["embed_tokens"]),
        on("decoder-tied", peft.TrainableTokensConfig, token_indices=[7, 30], target_modules=["embed_tokens"]),
    )),
    Method("beft", "BEFT", (
        on("decoder", peft.BeftConfig, target_modules=["v_proj"]),
        on("encoder-classifier", peft.BeftConfig, target_modules=["value"]),
    )),
    Method("randlora", "RandLoRA", linear(peft.RandLoraConfig, r=4, randlora_alpha=8)),
    Method("road", "RoAd", linear(peft.RoadConfig, group_size=4)),
    Method("shira", "SHiRA", linear(peft.ShiraConfig, r=2, random_seed=1)),
    Method("c3a", "C³A", linear(peft.C3AConfig, block_size=8), begins_elsewhere=True, single=True),
    Method("waveft", "WaveFT", linear(peft.WaveFTConfig, n_frequency=20)),
    Method("delora", "DeLoRA", linear(peft.DeloraConfig, r=4)),
    Method("miss", "MiSS", linear(peft.MissConfig, r=4)),
    Method("gralora", "GraLoRA", linear(peft.GraloraConfig, r=4, alpha=8)),
    Method("hira", "HiRA", linear(peft.HiraConfig, r=4)),
    Method("glora", "GLoRA", linear(peft.GloraConfig, r=4)),
    Method("lily", "Lily", linear(peft.LilyConfig, r=4)),
    Method("peanut", "PEANuT", linear(peft.PeanutConfig, r=4)),
    Method("pvera", "PVeRA", linear(peft.PveraConfig, r=8)),
    Method("tinylora", "TinyLoRA", linear(peft.TinyLoraConfig, r=2, u=8)),
    Method("unilora", "Uni-LoRA", linear(peft.UniLoraConfig, r=2, theta_d_length=32), begins_elsewhere=True),
    Method("deft", "DEFT", linear(peft.DeftConfig, r=4), single=True),
    Method("psoft", "PSOFT", linear(peft.PsoftConfig, r=4, psoft_alpha=4)),
    # keeps its gradients out of the base's directions, by hooks
    Method("osf", "OSF", linear(peft.OSFConfig, effective_rank=4), approximate="osf_"),
    Method("frod", "FRoD", linear(peft.FrodConfig, progressbar=False)),
    Method("supertuning", "SuperTuning", linear(peft.SupertuningConfig, sparsity=0.9)),
    Method("adaption-prompt", "LLaMA-Adapter", (on("decoder", peft.AdaptionPromptConfig, adapter_len=3, adapter_layers=2),),
           single=True, one_at_a_time=True),
)

METHODS = BOTH + PEFT_ALONE

NOT_TRIED = {
    "X-LoRA, Arrow": "mixtures of LoRA adapters that have to be trained first",
    "Poly, multitask prompt tuning": "every pass has to name the tasks of its rows",
    "CPT, cartridges": "begin at the tokens of a text, or at a long context that was read before",
    "CorDA, EVA, LoftQ, PiSSA, LoRA-GA": "other beginnings of LoRA, which need data or change the base's weights",
    "aLoRA": "acts behind invocation tokens alone, which the rules' batches do not hold",
    "AdaMSS": "needs scikit-learn",
    "Shadow": "runs a second model beside the first",
}
