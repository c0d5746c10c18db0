"""Chapter 8: many adapters, many rows, many threads."""

import threading

import torch

import bench
from bench import PAIR, DECODERS, Tokens
from stage import Folder
from verdict import PASSED, attempt, brief, close, deliberate, not_asked, refused, same_bits, that

BLOCKING = 3e-5
BASE = "__base__"
NEW = 3


def alone(model, name, give):
    """What one adapter, or none, gives by itself."""
    if name == BASE:
        with model.disable_adapter():
            return give(model)
    model.set_adapter(name)
    return give(model)


def mixes():
    """Batches whose rows have different adapters, or none."""
    for mix in range(3):
        draw = torch.Generator().manual_seed(mix)
        names = ["default", "second", BASE]
        more = [names[int(torch.randint(0, 3, (1,), generator=draw))] for _ in range(mix)]
        yield names + more, Tokens.random(3 + mix, 10 + mix)


def a_row_has_its_own_adapter(trial):
    """8.01: in a batch of rows with different adapters every row gives what it gives alone."""
    model = trial.two()
    for names, tokens in mixes():
        model.set_adapter("default")
        together = []
        error, _ = attempt(lambda: together.extend(bench.rows(model, tokens, adapter_names=names)))
        if error is not None:
            that(deliberate(error), f"a batch with adapter_names={names} ends with {brief(error)}")
            return refused(error)
        for row, name in enumerate(names):
            own = alone(model, name, lambda one: bench.rows(one, tokens.alone(row))[0])
            close(together[row], own, BLOCKING, f"row {row} of adapter_names={names}")
    return PASSED


def generated(model, tokens, **more):
    """Logits of each step of a greedy generation of some tokens, [rows, steps, vocabulary], and the tokens."""
    model.eval()
    made = model.generate(
        input_ids=tokens.ids, attention_mask=tokens.mask, max_new_tokens=NEW, do_sample=False,
        output_logits=True, return_dict_in_generate=True, **more)
    return torch.stack(made.logits, 1), made.sequences


def a_row_has_its_own_adapter_in_generation(trial):
    """8.02: the same holds of generation."""
    if trial.model not in DECODERS:
        return not_asked("an encoder does not generate")
    model = trial.two()
    for names, tokens in mixes():
        model.set_adapter("default")
        together = []
        error, _ = attempt(lambda: together.append(generated(model, tokens.padded_in_front(0), adapter_names=names)[0]))
        if error is not None:
            that(deliberate(error), f"generate with adapter_names={names} ends with {brief(error)}")
            return refused(error)
        for row, name in enumerate(names):
            own = alone(model, name, lambda one: generated(one, tokens.alone(row))[0][0])
            close(together[0][row], own, BLOCKING, f"generated row {row} of adapter_names={names}")
    return PASSED


def padding_in_front_changes_nothing(trial):
    """8.03: padding in front of the rows changes no output, in generation and in a pass that is told positions."""
    if trial.model not in DECODERS:
        return not_asked("encoders are padded behind")
    model, tokens = trial.moved(), Tokens.random(3, 5)
    padded = tokens.padded_in_front(3)
    together = generated(model, padded)[0]
    for row in range(3):
        close(together[row], generated(model, tokens.alone(row))[0][0], BLOCKING, f"row {row} of a generation with padding in front")
    found = bench.outputs(model, padded, position_ids=padded.positions())
    close(found, bench.outputs(model, tokens), BLOCKING, "outputs of a pass with padding in front")
    return PASSED


def cached_equals_one_pass(trial):
    """8.04: generated token by token, logits are those of one pass over the whole."""
    if trial.model not in DECODERS:
        return not_asked("an encoder does not generate")
    model = trial.moved()
    steps, sequences = generated(model, PAIR)
    with torch.no_grad():
        whole = bench.forward(model, Tokens(sequences, torch.ones_like(sequences)))
    begin = PAIR.ids.shape[1] - 1
    close(steps, whole[:, begin : begin + NEW], BLOCKING, "logits token by token")
    return PASSED


def threads_do_not_bleed(trial):
    """8.05: threads that use different adapters at the same time get what each gets alone."""
    model = trial.two()
    expected = {name: alone(model, name, bench.outputs) for name in ("default", "second")}
    found = at_the_same_time(model, expected, by_name(trial.two(), expected["second"]))
    for name in expected:
        that(not isinstance(found[name], Exception), f"a pass with adapter {name} beside another thread ends with {found[name]!r}")
        close(found[name], expected[name], BLOCKING, f"outputs of adapter {name} beside another thread")
    return PASSED


def by_name(model, expected):
    """Whether a pass can be told its adapters; where it cannot, the only way is to activate one for the whole model."""
    model.set_adapter("default")
    found = []
    error, _ = attempt(lambda: found.append(bench.outputs(model, adapter_names=["second"] * len(PAIR.ids))))
    return error is None and bool((found[0] - expected).abs().max() < BLOCKING)


def at_the_same_time(model, names, by_name):
    """What each adapter gives in a thread of its own; the threads meet when both have said which."""
    meet = threading.Barrier(len(names), timeout=30)
    found = {}

    def meeting(*_):
        meet.wait()

    def give(name):
        if by_name:
            return bench.outputs(model, adapter_names=[name] * len(PAIR.ids))
        model.set_adapter(name)
        meet.wait()
        return bench.outputs(model)

    def ask(name):
        try:
            found[name] = give(name)
        except Exception as error:  # whatever it is, it is what was found
            found[name] = error
            meet.abort()

    if by_name:  # both are under way before either goes on, and neither is done before the other
        model.get_base_model().register_forward_pre_hook(meeting)
        model.get_base_model().register_forward_hook(meeting)
    threads = [threading.Thread(target=ask, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def releasing_one_leaves_the_others(trial):
    """8.06: deleting an adapter changes no output of another."""
    model = trial.two()
    before = alone(model, "second", bench.outputs)
    error, _ = attempt(lambda: model.delete_adapter("default"))
    if error is not None:
        that(deliberate(error), f"deleting an adapter ends with {brief(error)}")
        return refused(error)
    same_bits(alone(model, "second", bench.outputs), before, "outputs after another adapter was deleted")
    return PASSED


def swapping_does_not_accumulate(trial):
    """8.07: loading and deleting again and again leaves as many tensors as the first time, and serves the same."""
    one, two = Folder(trial.moved(1)), Folder(trial.moved(2))
    model = trial.moved(3)
    expected, before = None, 0
    for swap in range(4):
        for folder in (two, one):
            error, _ = attempt(lambda: model.load_adapter(str(folder.path), "swapped"))
            if error is not None:
                that(deliberate(error), f"loading an adapter beside another ends with {brief(error)}")
                return refused(error)
            model.set_adapter("swapped")
            found = bench.outputs(model)
            model.set_adapter("default")
            error, _ = attempt(lambda: model.delete_adapter("swapped"))
            if error is not None:
                that(deliberate(error), f"deleting an adapter ends with {brief(error)}")
                return refused(error)
        if swap > 1:
            same_bits(found, expected, f"outputs after swap {swap}")
            that(bench.live_tensors() == before, f"{bench.live_tensors() - before} more tensors are alive after a swap")
        expected, before = found, bench.live_tensors()
    same_bits(expected, bench.outputs(one.onto(trial.base())), "outputs of a swapped adapter against one loaded alone")
    return PASSED


def a_pass_leaves_no_tensors(trial):
    """8.08: a pass leaves as many tensors alive as before."""
    model = trial.moved()
    bench.outputs(model)
    before = bench.live_tensors()
    for _ in range(3):
        bench.outputs(model)
    that(bench.live_tensors() == before, f"{bench.live_tensors() - before} more tensors are alive after three more passes")
    return PASSED


def batch_mates_change_nothing(trial):
    """8.09: a row gives the same with others beside it."""
    model, tokens = trial.moved(), Tokens.random(4, 6)
    for row, together in enumerate(bench.rows(model, tokens)):
        close(together, bench.rows(model, tokens.alone(row))[0], BLOCKING, f"row {row} beside others")
    return PASSED


def a_failed_pass_leaves_nothing(trial):
    """8.10: after a pass that ended in an error outputs are as before."""
    model = trial.two()
    model.set_adapter("default")
    before = bench.outputs(model)
    foreign = Tokens.of([3, 999], [4, 5])  # 999 is no token
    for more in ({}, {"adapter_names": ["second"] * 2}):
        error, _ = attempt(lambda: bench.outputs(model, foreign, **more))
        that(error is not None, "a token that is not in the vocabulary is taken")
        same_bits(bench.outputs(model), before, f"outputs after a pass that failed{' with adapter_names' if more else ''}")
    return PASSED
