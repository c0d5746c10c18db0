"""Chapter 6: merging into the base."""

import bench
from attachment import ROUNDING
from verdict import PASSED, Broken, attempt, brief, close, deliberate, not_asked, refused, same_bits, that

CANNOT = "it says that it cannot merge; 6.01 has it"


def merges(model):
    """Whether this model has a merge; one of virtual tokens has none."""
    return attempt(lambda: model.merge_and_unload)[0]


def merged_equals_attached(trial):
    """6.01: merged it computes what attached it does, or merging is refused."""
    model = trial.moved()
    attached = bench.outputs(model)
    merged = []
    error, _ = attempt(lambda: merged.append(model.merge_and_unload()))
    if error is not None:
        that(deliberate(error), f"merging ends with {brief(error)}")
        return refused(error)
    close(bench.outputs(merged[0]), attached, ROUNDING, "outputs of the merged model against those of what is attached")
    return PASSED


def merging_and_back_leaves_everything(trial):
    """6.02: merged and taken out again, it leaves base and adapter as they were, to the bit."""
    model = trial.moved()
    if merges(model):
        return not_asked(CANNOT)
    before = bench.weights(model)
    error, _ = attempt(lambda: (model.merge_adapter(), model.unmerge_adapter()))
    if error is not None:
        that(deliberate(error), f"merging and taking out ends with {brief(error)}")
        return refused(error)
    off = {name: float((value.detach() - before[name]).abs().max()) for name, value in model.named_parameters()}
    changed = {name: most for name, most in off.items() if most > 0}
    if changed:
        name = max(changed, key=changed.get)
        raise Broken(f"{len(changed)} weights are not what they were after merge and unmerge; {name} is off by {changed[name]:.2g}")
    return PASSED


def merging_twice_is_merging_once(trial):
    """6.04: merging what is merged changes nothing, or is refused."""
    model = trial.moved()
    if merges(model):
        return not_asked(CANNOT)
    error, _ = attempt(lambda: model.merge_adapter())
    if error is not None:
        that(deliberate(error), f"merging ends with {brief(error)}")
        return refused(error)
    once = bench.outputs(model)
    error, _ = attempt(lambda: model.merge_adapter())
    same_bits(bench.outputs(model), once, "outputs after merging a second time")
    return PASSED


def merging_keeps_shapes(trial):
    """6.05: a merged checkpoint has the base's names, shapes and element types."""
    model = trial.moved()
    merged = []
    error, _ = attempt(lambda: merged.append(model.merge_and_unload()))
    if error is not None:
        return not_asked(CANNOT)
    form = lambda one: {name: (tuple(value.shape), value.dtype) for name, value in one.state_dict().items()}
    found, expected = form(merged[0]), form(trial.base())
    changed = sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))
    that(not changed, f"of the merged model {changed[:3]} differ from the base's in name, shape or type")
    return PASSED


def merging_two_equals_attaching_two(trial):
    """6.06: two merged together compute what both attached do."""
    model = trial.two()
    if merges(model):
        return not_asked(CANNOT)
    error, _ = attempt(lambda: (model.base_model.set_adapter(["default", "second"]), bench.outputs(model)))
    if error is not None:
        that(deliberate(error), f"a pass with both active ends with {brief(error)}")
        return refused(error)
    attached = bench.outputs(model)
    merged = []
    error, _ = attempt(lambda: merged.append(model.merge_and_unload(adapter_names=["default", "second"])))
    if error is not None:
        that(deliberate(error), f"merging both ends with {brief(error)}")
        return refused(error)
    close(bench.outputs(merged[0]), attached, ROUNDING, "outputs of both merged against those of both attached")
    return PASSED
