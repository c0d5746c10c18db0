"""Chapter 5, files, and rule 2.06."""

import peft
import torch

import bench
import stage
from attachment import ROUNDING
from stage import CONFIG, TENSORS, Folder
from verdict import PASSED, Broken, attempt, brief, deliberate, refused, same_bits, that, warned

HOSTILE = (7, -1.5, "tck", [1], {"tck": 1}, True, None)
FOREIGN = "base_model.model.tck.foreign.tensor"


def an_unknown_key_is_refused(trial):
    """2.06: a key that a configuration does not have is refused, and named."""
    error, _ = attempt(lambda: type(trial.config())(tck_unknown=1))
    that(error is not None and "tck_unknown" in str(error), f"a configuration with the key tck_unknown is not refused by name: {error}")
    return PASSED


def heeded(error, heard, word, what):
    """Something was refused; or a warning names it; or nothing did."""
    if error is not None:
        return PASSED
    if any(word in message for message in heard):
        return warned(f"{what} is taken, with a warning")
    raise Broken(f"{what} is taken without a word")


def a_loaded_adapter_computes_the_same(trial):
    """5.01: saved and loaded it computes the same."""
    model = trial.moved()
    again = Folder(model).onto(trial.base())
    same_bits(bench.outputs(again), bench.outputs(model), "outputs of the loaded adapter")
    return PASSED


def saving_again_writes_the_same(trial):
    """5.02: loaded and saved, it writes the same files."""
    one = Folder(trial.moved())
    two = Folder(one.onto(trial.base()))
    plain = lambda value: sorted(map(str, value)) if isinstance(value, list) else value
    before, after = one.description(), two.description()
    changed = [key for key in before.keys() | after.keys() if plain(before.get(key)) != plain(after.get(key))]
    that(not changed, f"{CONFIG} saved again: " + ", ".join(f"{key} {before.get(key)} became {after.get(key)}" for key in changed))
    same_tensors(two.tensors(), one.tensors())
    return PASSED


def same_tensors(found, expected):
    """Two files hold the same."""
    that(found.keys() == expected.keys(), f"tensors saved again: {sorted(found.keys() ^ expected.keys())[:3]} came or went")
    for name, value in expected.items():
        same_bits(found[name], value, f"{name} saved again")


def training_goes_on(trial):
    """5.03: saved, loaded and trained on, it comes to the same as trained on."""
    model = trial.fresh()
    training = stage.Training(model)
    training.steps(3)
    folder = Folder(model)
    error, _ = attempt(lambda: folder.onto(trial.base(), trainable=True))
    if error is not None:
        that(deliberate(error), f"loading to train on ends with {brief(error)}")
        return refused(error)
    again = folder.onto(trial.base(), trainable=True)
    resumed = stage.Training(again).resumed_from(training)
    uninterrupted, found = training.steps(3), resumed.steps(3)
    that(found == uninterrupted, f"the loss after going on is {found:.8g} instead of {uninterrupted:.8g}")
    for name, value in stage.learning(model).items():
        same_bits(stage.learning(again)[name].detach(), value.detach(), f"{name} after going on")
    return PASSED


def files_hold_the_adapter_alone(trial):
    """5.04: the file holds nothing of the base."""
    saved = Folder(trial.moved()).tensors()
    for name, value in saved.items():
        for weight, base in trial.base().named_parameters():
            same = value.shape == base.shape and bool((value == base).all())
            that(not same or bool((base == base.flatten()[0]).all()), f"{name} in {TENSORS} is the base's {weight}")
    return PASSED


def foreign_descriptions_are_not_taken(trial):
    """5.05: an empty description, or one of an unknown kind, is not loaded."""
    for description in ({}, {"peft_type": "TCK_UNKNOWN"}):
        folder = Folder(trial.moved())
        folder.describe(description)
        error, _ = attempt(lambda: folder.onto(trial.base()))
        that(error is not None, f"the description {description} is loaded")
    return PASSED


def the_configuration_comes_back(trial):
    """5.06: the configuration read back makes as many parameters."""
    model = trial.moved()
    count = lambda one: sum(value.numel() for value in stage.learning(one).values())
    folder = Folder(model)
    config = peft.PeftConfig.from_pretrained(str(folder.path))
    config.inference_mode = False
    torch.manual_seed(1)
    again = peft.get_peft_model(trial.base(), config)
    that(count(again) == count(model), f"{count(again)} parameters learn with the configuration read back, {count(model)} before")
    return PASSED


def a_truncated_file_is_refused(trial):
    """5.07: a file that was cut off is refused, and nothing is left."""
    folder = Folder(trial.moved(2))
    file = folder.path / TENSORS
    whole = file.read_bytes()
    for length in (0, 4, 20, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:length])
        error, _ = attempt(lambda: folder.onto(trial.base()))
        that(error is not None, f"{TENSORS} cut off at byte {length} is loaded")
    nothing_left(trial, folder)
    return PASSED


def nothing_left(trial, folder):
    """A running model that is given damaged files refuses them, and does not know their adapter afterwards."""
    running = trial.moved()
    before = bench.outputs(running)
    error, _ = attempt(lambda: running.load_adapter(str(folder.path), "damaged"))
    that(error is not None, "a running model takes what a new one refuses")
    same_bits(bench.outputs(running), before, "outputs of a running adapter after another was refused")
    if "damaged" not in running.peft_config:
        return
    error, _ = attempt(lambda: (running.set_adapter("damaged"), bench.outputs(running)))
    state = "can be made the active one, with random values" if error is None else "is half there"
    raise Broken(f"it is refused, but the adapter stays in the model that load_adapter was called on: it {state}")


def a_missing_tensor_is_refused(trial):
    """5.08: a file without a tensor that is needed is refused; one that can be made again from a seed is not needed."""
    model = trial.moved()
    folder, expected = Folder(model), bench.outputs(model)
    whole = folder.tensors()
    so_far = PASSED
    for name in whole:
        folder.write({other: value for other, value in whole.items() if other != name})
        again = []
        error, heard = attempt(lambda: again.append(folder.onto(trial.base())))
        if error is None and bool((bench.outputs(again[0]) - expected).abs().max() < ROUNDING):
            continue
        verdict = heeded(error, heard, "missing", f"a file without {name}")
        so_far = verdict if verdict is not PASSED else so_far
    return so_far


def a_wrong_shape_is_refused(trial):
    """5.09: a tensor of another shape is refused."""
    folder = Folder(trial.moved())
    whole = folder.tensors()
    for name in whole:
        folder.write(whole | {name: torch.zeros(3, 5, 7)})
        error, _ = attempt(lambda: folder.onto(trial.base()))
        that(error is not None, f"{name} of shape (3, 5, 7) is loaded")
    return PASSED


def a_foreign_tensor_is_refused(trial):
    """5.10: a tensor that nobody asked for is refused."""
    folder = Folder(trial.moved())
    folder.write(folder.tensors() | {FOREIGN: torch.zeros(2)})
    error, heard = attempt(lambda: folder.onto(trial.base()))
    return heeded(error, heard, "foreign", f"a file with a tensor {FOREIGN}")


def a_hostile_description_is_refused(trial):
    """5.11: whatever stands at a key of the description, it is read, or refused by an error that somebody wrote."""
    folder = Folder(trial.moved())
    description = folder.description()
    crashes = []
    tried = 0
    for key in description:
        for value in HOSTILE:
            folder.describe(description | {key: value})
            error, _ = attempt(lambda: bench.outputs(folder.onto(trial.base())))
            tried += 1
            if error is not None and not deliberate(error):
                crashes.append(f"{key}: {value!r} ends with {brief(error)}")
    that(not crashes, f"{len(crashes)} of {tried} values end in an error that nobody wrote for a person to read, such as {crashes[:1]}")
    return PASSED


def the_description_is_plain(trial):
    """5.12: the description is JSON."""
    that(isinstance(Folder(trial.moved()).description(), dict), "the description is no map")
    return PASSED
