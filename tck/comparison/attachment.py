"""Chapter 3: what attaching does and does not do."""

import bench
import stage
from methods import Setting
from verdict import PASSED, Broken, attempt, brief, close, deliberate, different, refused, same_bits, that

ROUNDING = 2e-5


def every_model_is_served_or_refused(trial):
    """3.01: on every tiny model it acts, or attaching is refused."""
    for name in bench.MODELS:
        other = stage.Trial(trial.method, Setting(name, trial.setting.config))
        made = []
        error, _ = attempt(lambda: made.append(other.moved()))
        if error is not None:
            that(deliberate(error), f"on {name} attaching ends with {brief(error)}")
            continue
        different(
            bench.outputs(made[0]), bench.outputs(other.base()),
            f"{name} is accepted, all parameters moved, and its outputs stay those of the base")
    return PASSED


def fresh_is_a_no_op(trial):
    """3.02: fresh, it changes nothing; one that begins elsewhere by its nature does."""
    bare, fresh = bench.outputs(trial.base()), bench.outputs(trial.fresh())
    if trial.method.begins_elsewhere:
        different(fresh, bare, "it is said to begin elsewhere, but does not")
    else:
        close(fresh, bare, ROUNDING, "outputs of a fresh adapter against those of the base")
    return PASSED


def detached(model):
    """The base model, after its adapter was taken off."""
    if model.active_peft_config.is_prompt_learning:
        return model.get_base_model()
    return model.unload()


def base_is_untouched(trial):
    """3.03: attached, run and taken off, it leaves weights and outputs of the base as they were."""
    base = trial.base()
    before, bare = bench.weights(base), bench.outputs(base)
    model = trial.moved(base=base)
    bench.outputs(model)
    error, _ = attempt(lambda: detached(model))
    if error is not None:
        return refused(error)
    after = detached(trial.moved(base=trial.base()))
    same_weights(after, before)
    same_bits(bench.outputs(after), bare, "outputs of the base after the adapter was taken off")
    return PASSED


def same_weights(model, before):
    """The base's weights are what they were, to the bit, and there are no others."""
    after = dict(model.named_parameters())
    that(set(after) == set(before), f"parameters of the base after it: {sorted(set(after) ^ set(before))[:3]} came or went")
    for name, value in before.items():
        same_bits(after[name].detach(), value, f"the base's weight {name}")


def it_counts_what_learns(trial):
    """3.04: the number of parameters that it reports is that of the elements that an optimizer is given."""
    model = trial.fresh()
    reported, _ = model.get_nb_trainable_parameters()
    counted = sum(value.numel() for value in model.parameters() if value.requires_grad)
    that(reported == counted, f"it reports {reported} trainable parameters, and {counted} learn")
    return PASSED


def names_are_stable(trial):
    """3.05: two attachments have the same names in the same order."""
    one, two = list(stage.learning(trial.fresh())), list(stage.learning(trial.fresh()))
    that(one == two, f"names of a second attachment differ from {one[:3]}…")
    return PASSED


def it_leaves_no_tensors(trial):
    """3.06: taken off, it leaves as many tensors alive as there were."""
    def once():
        base = trial.base()
        model = trial.moved(base=base)
        bench.outputs(model)
        return detached(model)

    error, _ = attempt(once)
    if error is not None:
        return refused(error)
    once()
    none = bench.live_tensors()
    base = once()
    left = bench.live_tensors() - none
    bare = [trial.base()]
    expected = bench.live_tensors() - none - left
    that(left <= expected, f"{left - expected} more tensors are alive after it than a model holds that never had an adapter")
    del base, bare
    return PASSED


def the_same_seed_begins_the_same(trial):
    """3.07: from the same seed it begins with the same values."""
    one, two = stage.learning(trial.fresh(3)), stage.learning(trial.fresh(3))
    for name, value in one.items():
        same_bits(two[name].detach(), value.detach(), name)
    return PASSED


def what_moved_is_heard(trial):
    """3.11: with its parameters moved, the outputs change."""
    different(
        bench.outputs(trial.moved()), bench.outputs(trial.base()), "all parameters moved, and the outputs stay those of the base")
    return PASSED


def parameters_are_asked_for_anew(trial):
    """3.12: moved after a pass, it is heard in the next."""
    model = trial.fresh()
    before = bench.outputs(model)
    different(bench.outputs(stage.move(model, 1)), before, "parameters moved after a first pass, and the second gives the same")
    return PASSED


def double_precision_gives_the_same(trial):
    """3.14: in double precision it gives the same but for rounding."""
    single = trial.moved()
    double = trial.fresh(double=True)
    double.load_state_dict({name: value.double() for name, value in single.state_dict().items()})
    error, _ = attempt(lambda: bench.outputs(double))
    if error is not None:
        raise Broken(f"in double precision a pass ends with {brief(error)}")
    close(bench.outputs(double), bench.outputs(single), 1e-3, "outputs in double precision")
    return PASSED
