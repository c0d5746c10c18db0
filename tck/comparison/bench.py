"""The tiny models, batches and measures that the rules are tried with: those of dev.graft.tck.bench, in Python."""

import gc
from dataclasses import dataclass

import torch
import transformers as tf

VOCABULARY = 32
CLASSES = 3
PLACE = 30
DEVIATION = 0.1

DECODERS = ("decoder", "decoder-tied", "decoder-biases", "decoder-input-major")
TASKS = dict.fromkeys(DECODERS, "CAUSAL_LM") | {
    "decoder-classifier": "SEQ_CLS",
    "encoder-classifier": "SEQ_CLS",
    "encoder-masked": None,  # PEFT has no task of this kind
}
MODELS = tuple(TASKS)

_SIZES = dict(hidden_size=16, intermediate_size=24, num_attention_heads=4, max_position_embeddings=64, vocab_size=VOCABULARY)
_GROUPED = _SIZES | dict(num_key_value_heads=2)
_QUIET = dict(bos_token_id=None, eos_token_id=None, pad_token_id=0, initializer_range=DEVIATION)
_STILL = dict(hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)


def _llama(layers, **more):
    return tf.LlamaConfig(num_hidden_layers=layers, **_GROUPED, **_QUIET, **more)


def _qwen2():
    return tf.Qwen2Config(num_hidden_layers=2, tie_word_embeddings=False, **_GROUPED, **_QUIET)


def _gpt2():
    return tf.GPT2Config(
        n_embd=16, n_layer=2, n_head=4, n_positions=64, vocab_size=VOCABULARY,
        resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, **_QUIET)


def _bert(**more):
    return tf.BertConfig(num_hidden_layers=2, **_SIZES, **_STILL, initializer_range=DEVIATION, **more)


_BUILDERS = {
    "decoder": lambda: tf.LlamaForCausalLM(_llama(3, tie_word_embeddings=False)),
    "decoder-short": lambda: tf.LlamaForCausalLM(_llama(2, tie_word_embeddings=False)),
    "decoder-tied": lambda: tf.LlamaForCausalLM(_llama(2, tie_word_embeddings=True)),
    "decoder-biases": lambda: tf.Qwen2ForCausalLM(_qwen2()),
    "decoder-input-major": lambda: tf.GPT2LMHeadModel(_gpt2()),
    "decoder-classifier": lambda: tf.LlamaForSequenceClassification(_llama(2, num_labels=CLASSES)),
    "encoder-classifier": lambda: tf.BertForSequenceClassification(_bert(num_labels=CLASSES)),
    "encoder-masked": lambda: tf.BertForMaskedLM(_bert()),
}


def build(name, double=False):
    """A tiny model of random weights, the same every time; biases and norms are moved from 0 and 1."""
    torch.manual_seed(7)
    model = _BUILDERS[name]()
    with torch.no_grad():
        for weight in model.parameters():
            if weight.dim() == 1:
                weight.add_(torch.randn_like(weight), alpha=DEVIATION)
    return (in_double(model) if double else model).eval()


def in_double(model):
    """The model in double precision throughout: transformers' RMS norms would go by single precision in between."""
    for name, module in list(model.named_modules()):
        if type(module).__name__.endswith("RMSNorm"):
            norm = torch.nn.RMSNorm(len(module.weight), eps=module.variance_epsilon)
            norm.weight = module.weight
            model.set_submodule(name, norm)
    return model.double()


@dataclass(frozen=True)
class Tokens:
    """Rows of token ids with their mask; every row holds the token PLACE once."""

    ids: torch.Tensor
    mask: torch.Tensor

    @staticmethod
    def of(*rows):
        """Rows without padding."""
        ids = torch.tensor(rows)
        return Tokens(ids, torch.ones_like(ids))

    @staticmethod
    def random(rows, seed):
        """Rows of four to eight random tokens, padded behind."""
        draw = torch.Generator().manual_seed(seed)
        number = lambda low, high: int(torch.randint(low, high, (1,), generator=draw))
        ids, mask = torch.zeros(rows, 8, dtype=torch.long), torch.zeros(rows, 8, dtype=torch.long)
        for row in range(rows):
            length = number(4, 9)
            ids[row, :length] = torch.randint(1, PLACE, (length,), generator=draw)
            ids[row, number(0, length)] = PLACE
            mask[row, :length] = 1
        return Tokens(ids, mask)

    def alone(self, row):
        """One row without its padding."""
        own = self.ids[row][self.mask[row] == 1]
        return Tokens(own[None], torch.ones_like(own[None]))

    def row(self, row):
        """One row with its padding."""
        return Tokens(self.ids[row : row + 1], self.mask[row : row + 1])

    def padded_behind(self, extra):
        """More padding behind the rows."""
        none = torch.zeros(len(self.ids), extra, dtype=torch.long)
        return Tokens(torch.cat((self.ids, none), 1), torch.cat((self.mask, none), 1))

    def padded_in_front(self, extra):
        """The rows with all their padding in front, and this much more."""
        width = self.ids.shape[1] + extra
        ids, mask = torch.zeros(len(self.ids), width, dtype=torch.long), torch.zeros(len(self.ids), width, dtype=torch.long)
        for row in range(len(self.ids)):
            own = self.alone(row).ids[0]
            ids[row, width - len(own) :], mask[row, width - len(own) :] = own, 1
        return Tokens(ids, mask)

    def positions(self):
        """The position of every token, counted from its row's first, as generate() counts."""
        return (self.mask.cumsum(1) - 1).clamp(min=0)


PAIR = Tokens.of([3, 7, 9, 2, PLACE], [5, 4, PLACE, 11, 1])


def forward(model, tokens, **more):
    """Logits of a pass; those of virtual tokens in front are left out."""
    logits = model(input_ids=tokens.ids, attention_mask=tokens.mask, **more).logits
    return logits[:, -tokens.ids.shape[1] :] if logits.dim() == 3 else logits


def rows(model, tokens, **more):
    """For each row the logits of its tokens, or of its class, in a pass that does not train."""
    model.eval()
    with torch.no_grad():
        logits = forward(model, tokens, **more)
    if logits.dim() == 2:
        return list(logits)
    return [own[mask == 1] for own, mask in zip(logits, tokens.mask)]


def outputs(model, tokens=PAIR, **more):
    """All logits of a pass that does not train, in one row."""
    return torch.cat([row.flatten() for row in rows(model, tokens, **more)])


def losses(model, tokens):
    """The cross-entropy of a batch against its own tokens, or of row r against class r mod 3; one for each prediction."""
    logits = forward(model, tokens)
    if logits.dim() == 2:
        return torch.nn.functional.cross_entropy(logits, torch.arange(len(tokens.ids)) % CLASSES, reduction="none")
    labels = tokens.ids.masked_fill(tokens.mask == 0, -100)
    if not model.config.model_type.startswith("bert"):
        logits, labels = logits[:, :-1], labels[:, 1:]
    flat = torch.nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), reduction="none", ignore_index=-100)
    return flat[labels.flatten() != -100]


def weights(model):
    """Copies of a model's parameters by name."""
    return {name: value.detach().clone() for name, value in model.named_parameters()}


def live_tensors():
    """How many tensors the interpreter holds."""
    gc.collect()
    return sum(issubclass(type(thing), torch.Tensor) for thing in gc.get_objects())
