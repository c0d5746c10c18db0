"""Chapter 4: gradients and training."""

import re

import torch

import bench
import stage
from bench import PAIR, Tokens
from verdict import PASSED, Broken, attempt, brief, deliberate, refused, same_bits, that

# by whether a technique computes in single precision inside a model in double precision
STEP = {False: 1e-5, True: 3e-3}
DIFFERENCE = {False: 2e-6, True: 2e-3}
SAME_GRADIENT = {False: 1e-9, True: 1e-5}
BUDGET = 60
LEFT = 0.995


def gradients_equal_differences(trial):
    """4.01: gradients agree with central differences in double precision."""
    model = trial.moved(double=True)
    found = stage.gradients(model, PAIR)
    for name, value in stage.learning(model).items():
        if found[name] is None or trial.deaf(name) or trial.approximate(name):
            continue
        element = int(found[name].abs().argmax())
        gradient, difference = float(found[name].flatten()[element]), slope(model, value, element, STEP[trial.method.single])
        that(
            abs(gradient - difference) <= DIFFERENCE[trial.method.single] * max(1, abs(difference)),
            f"the gradient of {name} at {element} is {gradient:.8g}, the difference of losses {difference:.8g}")
    return PASSED


def slope(model, value, element, step):
    """The central difference of the loss along one element of a parameter."""
    flat = value.data.view(-1)
    before = float(flat[element])
    ends = []
    for end in (before + step, before - step):
        flat[element] = end
        with torch.no_grad():
            ends.append(float(bench.losses(model, PAIR).sum()))
    flat[element] = before
    return (ends[0] - ends[1]) / (2 * step)


def every_parameter_is_reached(trial):
    """4.02: a gradient flows to every parameter that learns."""
    model = trial.moved(double=True)
    found, training = stage.gradients(model, PAIR), stage.gradients(model, PAIR, train=True)
    flows = lambda gradient: gradient is not None and bool((gradient != 0).any())
    silent = [name for name in found if not (trial.deaf(name) or flows(found[name]) or flows(training[name]))]
    that(not silent, f"no gradient flows to {len(silent)} of {len(found)} parameters, among them {silent[:1]}")
    return PASSED


def the_loss_falls(trial):
    """4.03: within a budget of steps the loss of a batch falls."""
    training = stage.Training(trial.fresh())
    first = least = training.steps(1)
    for _ in range(BUDGET - 1):
        if least < LEFT * first:
            return PASSED
        least = min(least, training.steps(1))
    raise Broken(f"the loss began at {first:.4g} and came to {least:.4g} at the least")


def the_same_seed_takes_the_same_path(trial):
    """4.04: trained twice from the same seed, it comes to the same."""
    one, two = trial.fresh(), trial.fresh()
    losses = [stage.Training(model).steps(4) for model in (one, two)]
    that(losses[0] == losses[1], f"the loss of a second run is {losses[1]} instead of {losses[0]}")
    for name, value in stage.learning(one).items():
        same_bits(stage.learning(two)[name].detach(), value.detach(), f"{name} after a second run")
    return PASSED


def training_leaves_the_base(trial):
    """4.05: training leaves the base's weights as they were."""
    base = trial.base()
    before = bench.weights(base)
    model = trial.fresh(base=base)
    stage.Training(model).steps(4)
    after = bare_weights(model, before)
    that(after.keys() == before.keys(), f"{sorted(before.keys() - after.keys())[:2]} of the base are not there after training")
    for name, value in before.items():
        same_bits(after[name], value, f"the base's weight {name}")
    return PASSED


def bare_weights(model, names):
    """The base's weights inside a model with an adapter, by the names that they have without one."""
    found = {}
    for name, value in model.get_base_model().named_parameters():
        own = re.sub(r"\.(base_layer|original_module|token_adapter)(?=\.)|(?<=self_attn)\.model", "", name)
        if own in names:
            found[own] = value.detach()
    return found


def steps_do_not_accumulate(trial):
    """4.06: as many tensors are alive after the sixth step as after the third."""
    training = stage.Training(trial.fresh())
    training.steps(3)
    before = bench.live_tensors()
    training.steps(3)
    that(bench.live_tensors() == before, f"{bench.live_tensors() - before} more tensors are alive after three more steps")
    return PASSED


def recomputed_blocks_give_the_same(trial):
    """4.07: with gradient checkpointing gradients are the same, whether it is asked for before or after attaching."""
    expected = stage.gradients(trial.moved(double=True), PAIR, train=True)
    made = []

    def before():
        base = trial.base(double=True)
        base.gradient_checkpointing_enable()
        made.append(trial.moved(double=True, base=base))

    def after():
        model = trial.moved(double=True)
        model.gradient_checkpointing_enable()
        made.append(model)

    refusals = []
    for asked, way in ((after, "after"), (before, "before")):
        error, _ = attempt(lambda: (asked(), stage.gradients(made[-1], PAIR, train=True)))
        if error is None:
            same_gradients(trial, stage.gradients(made[-1], PAIR, train=True), expected, f"checkpointed (asked for {way} attaching)")
        else:
            that(deliberate(error), f"checkpointing asked for {way} attaching ends with {brief(error)}")
            refusals.append(error)
    return refused(refusals[0]) if refusals else PASSED


def same_gradients(trial, found, expected, when):
    """Two sets of gradients agree."""
    tolerance = SAME_GRADIENT[trial.method.single]
    for name, gradient in expected.items():
        other = found[name]
        that((other is None) == (gradient is None), f"{name} has {'no' if other is None else 'a'} gradient {when}")
        if gradient is not None:
            off = (other - gradient).abs() - tolerance * gradient.abs().clamp(min=1)
            that(bool((off <= 0).all()), f"the gradient of {name} {when} is off by {float((other - gradient).abs().max()):.2g}")


def padding_changes_no_gradient(trial):
    """4.08: padding behind the rows changes no gradient."""
    model = trial.moved(double=True)
    same_gradients(trial, stage.gradients(model, PAIR.padded_behind(3)), stage.gradients(model, PAIR), "with padding behind")
    return PASSED


def batch_mates_change_no_gradient(trial):
    """4.09: the gradient of a batch is the sum of those of its rows."""
    model = trial.moved(double=True)
    if trial.task == "SEQ_CLS":
        return swapping_a_row(trial, model)
    parts = [stage.gradients(model, PAIR.alone(row)) for row in (0, 1)]
    same_gradients(trial, stage.gradients(model, PAIR), combined(parts[0], parts[1], 1), "as one batch")
    return PASSED


def swapping_a_row(trial, model):
    """Classes go by the place of a row: swapping the second changes the gradient by the same, with and without a third."""
    first, second = PAIR.ids.tolist()
    change = lambda *mates: combined(
        stage.gradients(model, Tokens.of(first, second, *mates)), stage.gradients(model, Tokens.of(first, first, *mates)), -1)
    same_gradients(trial, change(first), change(), "among other mates")
    return PASSED


def combined(one, two, factor):
    """The sum of two sets of gradients, the second times a factor."""
    return {name: None if one[name] is None else one[name] + factor * two[name] for name in one}


def nothing_is_random(trial):
    """4.10: two passes that do not train give the same."""
    model = trial.moved()
    same_bits(bench.outputs(model), bench.outputs(model), "outputs of a second pass")
    return PASSED


def values_stay_finite(trial):
    """4.11: within half of the budget all parameters stay finite."""
    model = trial.fresh()
    stage.Training(model).steps(BUDGET // 2)
    for name, value in stage.learning(model).items():
        that(bool(value.isfinite().all()), f"{name} is no longer finite")
    return PASSED
