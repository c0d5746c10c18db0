"""Chapter 7: several adapters at once."""

import tempfile

import peft
import torch

import bench
import stage
from attachment import ROUNDING
from verdict import PASSED, Mark, Verdict, attempt, brief, close, deliberate, different, not_asked, refused, that


def two_of_a_kind_both_act(trial):
    """7.01: of two adapters on one row both act."""
    if trial.method.one_at_a_time:
        return Verdict(Mark.REFUSED, "there is no way to ask for it: set_adapter takes one name")
    model = trial.two()
    alone = [(model.set_adapter(name), bench.outputs(model))[1] for name in ("default", "second")]
    error, _ = attempt(lambda: (model.base_model.set_adapter(["default", "second"]), bench.outputs(model)))
    if error is not None:
        that(deliberate(error), f"a pass with both active ends with {brief(error)}")
        return refused(error)
    both = bench.outputs(model)
    different(both, alone[0], "the second of two adapters has no effect")
    different(both, alone[1], "the first of two adapters has no effect")
    return PASSED


def it_stands_beside_another_method(trial):
    """7.02: beside an adapter of another method both act, and both are saved."""
    targets = ["query", "value"] if "encoder" in trial.model else ["c_attn"] if "major" in trial.model else ["q_proj", "v_proj"]

    def beside():
        torch.manual_seed(1)
        model = peft.get_peft_model(trial.base(), trial.config(), mixed=True)
        other = peft.LoHaConfig if trial.method.id.startswith("lora") else peft.LoraConfig
        model.add_adapter("beside", other(target_modules=targets))
        model.set_adapter(["default", "beside"])
        stage.move(model, 1)
        bench.outputs(model)
        with tempfile.TemporaryDirectory() as folder:
            model.save_pretrained(folder)

    error, _ = attempt(beside)
    if error is not None:
        that(deliberate(error), f"two methods on one model end with {brief(error)}")
        return refused(error)
    return PASSED


def one_combined_is_itself(trial):
    """7.03: the linear combination of one adapter with weight 1 computes what it does."""
    model = trial.moved()
    expected = bench.outputs(model)
    error, _ = attempt(lambda: combine(model, "linear"))
    if error is not None:
        that(deliberate(error), f"combining ends with {brief(error)}")
        return refused(error)
    model.set_adapter("combined")
    close(bench.outputs(model), expected, ROUNDING, "outputs of the adapter combined with itself alone")
    return PASSED


def combine(model, how):
    """A new adapter, the combination of one alone."""
    keys = {} if model.active_peft_config.peft_type == "IA3" else {"combination_type": how}
    model.add_weighted_adapter(["default"], [1.0], "combined", **keys)


def an_unknown_way_to_combine_is_refused(trial):
    """7.04: combining in an unknown way is refused."""
    model = trial.moved()
    if attempt(lambda: model.add_weighted_adapter)[0]:
        return not_asked("it does not combine; 7.03 has it")
    if model.active_peft_config.peft_type == "IA3":
        return not_asked("there is one way only")
    model = trial.two()
    error, _ = attempt(lambda: model.add_weighted_adapter(["default", "second"], [1.0, 1.0], "combined", combination_type="tck-unknown"))
    that(error is not None, "combining two by 'tck-unknown' is not refused")
    return PASSED
