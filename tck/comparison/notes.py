"""What is to be known of a rule that PEFT breaks, beside what was seen."""

import re

NOTES = {
    "3.01": "PEFT has no task for models that guess masked tokens, and answers a technique of virtual tokens without a task by the key that"
            " it did not find.",
    "3.03": "`unload()` is documented to give back the base model. A head that learns along (`modules_to_save`, which PEFT adds by itself"
            " for classifiers) is given back trained; LN tuning leaves it wrapped. Techniques of virtual tokens have no `unload()`, and the"
            " model of `get_base_model()` keeps the wrapped head. With `bias=\"all\"` the base's own biases learn, as PEFT's documentation says.",
    "3.06": "Where a head stays wrapped (3.03), its copy stays with it. SHiRA and SuperTuning are another matter: a function with an"
            " unbounded `lru_cache` is called with each layer, so that every layer that ever ran, with its base weight, is kept for the life"
            " of the program.",
    "4.01": "C³A defines its own backward pass. Its gradient of the input is that of the transposed circulant matrix, so that every layer"
            " below an adapted one learns by a wrong gradient; `torch.autograd.gradcheck` on `BlockCircularConvolution` says the same.",
    "4.05": "Documented: with `bias=\"all\"` the base's own biases learn.",
    "4.07": "Asked for before attaching, it is refused in words. A training loop that switches checkpointing on afterwards gets this error:"
            " the prefix is dropped from the pass, while the mask still counts it.",
    "4.08": "Lily's router is averaged over all tokens of the batch: those of other rows, padding, and tokens still to come.",
    "4.09": "Lily: see 4.08.",
    "5.01": "Rounding: the file holds what the network wrote, and that was computed in another order. PEFT promises no bits.",
    "5.02": "Each time a classifier's adapter is loaded and saved, the list of heads grows by the two names that PEFT adds.",
    "5.03": "AdaLoRA saves what its mask has left, and neither the mask nor the importance that it went by. Techniques of virtual tokens"
            " refuse (○) to be loaded for training.",
    "5.04": "With `bias=\"all\"` whatever is called a bias is saved, that of the head's copy that does not learn among them.",
    "5.07": "`load_adapter` adds the adapter first and reads its file then. What is left answers to the name, with the values it began with;"
            " a server that goes on after the error serves it.",
    "5.08": "`from_pretrained` gives a warning, and `load_adapter` returns the missing names without one. Where there is not even a warning,"
            " the names are filtered out before they are looked at.",
    "5.09": "SHiRA does not look at the shape of its indices; the next pass fails. Of the head's biases (5.04) those under such names are read by nobody.",
    "5.10": "`load_adapter` returns the unexpected names without a word, `from_pretrained` drops them. So the adapter of a base of three"
            " blocks loads on one of two, which then computes something.",
    "5.11": "Few libraries written in Python check what they read, and an error is raised all the same: this is about who understands it.",
    "6.02": "Rounding: PEFT merges in place and subtracts again. It promises no bits; where many are merged and taken out in turn, the"
            " differences add up.",
    "6.04": "OSF does not ask whether it is merged.",
    "6.05": "LN tuning leaves a head that learns along wrapped, so that the merged checkpoint has names that the architecture does not know.",
    "6.06": "OFT turns the weight in the order in which the layers turn the input, which is the other way round: merged as second, first it"
            " is exact. C³A hands on what the first adapter computed as the input of the second, which fails where a layer is not square"
            " and gives something else where it is. Of two OSF adapters the first alone acts.",
    "7.01": "C³A, OSF: see 6.06. Trainable tokens: on a tied head the second adapter is wrapped around the first, and every pass fails.",
    "7.03": "rsLoRA's result is √r times too strong and DoRA's magnitudes begin anew (peft 3761, open); a head that learns along is not"
            " carried over. Graft combines rsLoRA, and refuses the other two.",
    "8.01": "`adapter_names` is documented for LoRA; RoAd and GLoRA have it too. Everybody else's pass takes the argument and ignores it:"
            " every row, that of `__base__` among them, is answered by the active adapter. RoAd and GLoRA forget the head. AdaLoRA takes LoRA's way and fails at the base layer.",
    "8.02": "As 8.01. Techniques of virtual tokens refuse here, because `generate` knows its arguments.",
    "8.03": "The padding stands between the virtual tokens and the text, and the positions that would say so are dropped, with a warning"
            " (peft 1093). Prefix tuning keeps them, and the rule. Lily: see 4.08.",
    "8.04": "Lily: see 4.08. In one pass it hears tokens that come later.",
    "8.05": "PEFT promises nothing about threads. Which adapter is active is a state of the model; and `adapter_names`, which names it for a"
            " single pass, does so by hooks on modules that all threads share: a LoRA pass under way in one thread is answered with the"
            " adapter of another.",
    "8.06": "On a tied head, no pass works once there are two; see 7.01.",
    "8.07": "On a tied head, no pass works once there are two; see 7.01.",
    "8.09": "Lily: see 4.08.",
    "8.10": "A pass with `adapter_names` that ends in an error leaves its hooks behind (peft 3475, open): every later pass, whoever asks and"
            " with whatever adapter, is answered with the adapters of the one that failed. DoRA and AdaLoRA do not take the argument, and leave the hooks all the same:"
            " every later pass fails as the first did. Trainable tokens: see 7.01.",
}


def way(found):
    """What was seen, without the names and numbers in which two cases of the same differ."""
    text = re.sub(r"^on [\w-]+: ", "", found)
    text = re.sub(r"\b(base_model|model|prompt_\w+|bert|transformer)\.[\w.]+", "NAME", text)
    text = re.sub(r"(such as|Compatible types are).*", "", text)
    text = re.sub(r"'[A-Z_0-9]{3,}'", "KIND", text)
    return re.sub(r"off by [\d.e+-]+|-?\d+\.\d[\de+-]*|\d+e-?\d+|\d+ (of \d+|weights)|(at|row) \d+|'(default|second)'", "N", text)
