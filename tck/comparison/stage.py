"""A technique on a tiny model, and adapters that are attached, moved, trained, saved and loaded."""

import copy
import json
import re
import tempfile
from pathlib import Path

import peft
import torch
from safetensors.torch import load_file, save_file

import bench
from verdict import Refusal, deliberate, that

FAR = 0.2
RATE = 0.05
CONFIG = "adapter_config.json"
TENSORS = "adapter_model.safetensors"


class Trial:
    """One technique in one setting."""

    def __init__(self, method, setting):
        self.method = method
        self.setting = setting

    @property
    def model(self):
        """The tiny model's name."""
        return self.setting.model

    @property
    def task(self):
        """PEFT's name of the model's task."""
        return bench.TASKS[self.model]

    def config(self):
        """A new configuration."""
        return self.setting.config(self.task)

    def base(self, double=False):
        """The model without an adapter."""
        return bench.build(self.model, double)

    def fresh(self, seed=1, double=False, base=None):
        """An adapter as it begins."""
        base = base if base is not None else self.base(double)
        torch.manual_seed(seed)
        model = or_refusal(lambda: peft.get_peft_model(base, self.config()))
        return model.double() if double else model

    def moved(self, seed=1, double=False, base=None):
        """An adapter whose parameters have all moved away from where they begin."""
        return move(self.fresh(seed, double, base), seed)

    def two(self):
        """A model with an adapter, default, to which another, second, was loaded, as a server does. The first is active."""
        other = Folder(self.moved(2))
        model = self.moved(1)
        or_refusal(lambda: model.load_adapter(str(other.path), "second"))
        model.set_adapter("default")
        return model

    def deaf(self, name):
        """Whether it is in the nature of a parameter that no gradient reaches it."""
        return bool(self.method.deaf) and re.search(self.method.deaf, name) is not None

    def approximate(self, name):
        """Whether the gradient of a parameter is by definition not that of the loss."""
        return bool(self.method.approximate) and re.search(self.method.approximate, name) is not None


def or_refusal(attach):
    """What attaching gives; an error that somebody wrote becomes a refusal."""
    try:
        return attach()
    except Exception as error:
        if deliberate(error):
            raise Refusal(error) from error
        raise


def learning(model):
    """The parameters that learn, by name."""
    return {name: value for name, value in model.named_parameters() if value.requires_grad}


def move(model, seed):
    """Adds noise to every parameter that learns."""
    draw = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for value in learning(model).values():
            value.add_(torch.randn(value.shape, generator=draw).to(value.dtype), alpha=FAR)
    return model


def gradients(model, tokens, train=False):
    """Gradients of the summed loss by name; None where nothing flowed to a parameter."""
    model.train(train)
    model.zero_grad(set_to_none=True)
    torch.manual_seed(5)
    bench.losses(model, tokens).sum().backward()
    found = {name: None if value.grad is None else value.grad.clone() for name, value in learning(model).items()}
    model.zero_grad(set_to_none=True)
    return found


class Training:
    """Steps of Adam on the pair of rows."""

    def __init__(self, model):
        self.model = model
        self.optimizer = torch.optim.Adam(learning(model).values(), lr=RATE)
        self.taken = 0

    def resumed_from(self, other):
        """Goes on where another training stopped: moments go by the order of the parameters, which is that of their names."""
        shapes = lambda model: {name: tuple(value.shape) for name, value in learning(model).items()}
        before, after = shapes(other.model), shapes(self.model)
        changed = [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)]
        that(not changed, f"{len(changed)} of {len(before)} parameters have another shape after loading, so that no optimizer can go on:"
             f" {sorted(changed)[:1]}")
        self.optimizer.load_state_dict(copy.deepcopy(other.optimizer.state_dict()))
        self.taken = other.taken
        return self

    def steps(self, count):
        """Takes steps; the mean loss before the last."""
        self.model.train()
        for _ in range(count):
            torch.manual_seed(self.taken)
            self.optimizer.zero_grad()
            loss = bench.losses(self.model, bench.PAIR).mean()
            loss.backward()
            self.optimizer.step()
            self.taken += 1
            allocate = getattr(self.model.base_model, "update_and_allocate", None)
            if allocate is not None:
                allocate(self.taken)
        return float(loss.detach())


class Folder:
    """The files of an adapter."""

    def __init__(self, model, adapter="default"):
        self.keep = tempfile.TemporaryDirectory()
        top = Path(self.keep.name)
        model.save_pretrained(top, selected_adapters=[adapter])
        self.path = top if adapter == "default" else top / adapter

    def description(self):
        """What adapter_config.json says."""
        return json.loads((self.path / CONFIG).read_text())

    def describe(self, description):
        """Writes another adapter_config.json."""
        (self.path / CONFIG).write_text(json.dumps(description))

    def tensors(self):
        """The tensors of the file."""
        return load_file(self.path / TENSORS)

    def write(self, tensors):
        """Writes other tensors."""
        save_file(tensors, self.path / TENSORS, metadata={"format": "pt"})

    def onto(self, base, trainable=False):
        """A model with the adapter of the files."""
        return peft.PeftModel.from_pretrained(base, str(self.path), is_trainable=trainable)
