"""The rules that can be asked of PEFT, by their numbers in tck/RULES.md, which has their sentences."""

import re
from pathlib import Path

import attachment
import composition
import learning
import merging
import persistence
import serving

CHECKS = {
    "2.06": persistence.an_unknown_key_is_refused,
    "3.01": attachment.every_model_is_served_or_refused,
    "3.02": attachment.fresh_is_a_no_op,
    "3.03": attachment.base_is_untouched,
    "3.04": attachment.it_counts_what_learns,
    "3.05": attachment.names_are_stable,
    "3.06": attachment.it_leaves_no_tensors,
    "3.07": attachment.the_same_seed_begins_the_same,
    "3.11": attachment.what_moved_is_heard,
    "3.12": attachment.parameters_are_asked_for_anew,
    "3.14": attachment.double_precision_gives_the_same,
    "4.01": learning.gradients_equal_differences,
    "4.02": learning.every_parameter_is_reached,
    "4.03": learning.the_loss_falls,
    "4.04": learning.the_same_seed_takes_the_same_path,
    "4.05": learning.training_leaves_the_base,
    "4.06": learning.steps_do_not_accumulate,
    "4.07": learning.recomputed_blocks_give_the_same,
    "4.08": learning.padding_changes_no_gradient,
    "4.09": learning.batch_mates_change_no_gradient,
    "4.10": learning.nothing_is_random,
    "4.11": learning.values_stay_finite,
    "5.01": persistence.a_loaded_adapter_computes_the_same,
    "5.02": persistence.saving_again_writes_the_same,
    "5.03": persistence.training_goes_on,
    "5.04": persistence.files_hold_the_adapter_alone,
    "5.05": persistence.foreign_descriptions_are_not_taken,
    "5.06": persistence.the_configuration_comes_back,
    "5.07": persistence.a_truncated_file_is_refused,
    "5.08": persistence.a_missing_tensor_is_refused,
    "5.09": persistence.a_wrong_shape_is_refused,
    "5.10": persistence.a_foreign_tensor_is_refused,
    "5.11": persistence.a_hostile_description_is_refused,
    "5.12": persistence.the_description_is_plain,
    "6.01": merging.merged_equals_attached,
    "6.02": merging.merging_and_back_leaves_everything,
    "6.04": merging.merging_twice_is_merging_once,
    "6.05": merging.merging_keeps_shapes,
    "6.06": merging.merging_two_equals_attaching_two,
    "7.01": composition.two_of_a_kind_both_act,
    "7.02": composition.it_stands_beside_another_method,
    "7.03": composition.one_combined_is_itself,
    "7.04": composition.an_unknown_way_to_combine_is_refused,
    "8.01": serving.a_row_has_its_own_adapter,
    "8.02": serving.a_row_has_its_own_adapter_in_generation,
    "8.03": serving.padding_in_front_changes_nothing,
    "8.04": serving.cached_equals_one_pass,
    "8.05": serving.threads_do_not_bleed,
    "8.06": serving.releasing_one_leaves_the_others,
    "8.07": serving.swapping_does_not_accumulate,
    "8.08": serving.a_pass_leaves_no_tensors,
    "8.09": serving.batch_mates_change_nothing,
    "8.10": serving.a_failed_pass_leaves_nothing,
}

# rules that take long, and whose answer does not depend on the model: tried in a method's first setting alone
ONCE = ("5.11",)

_RULE = re.compile(r"^### (\d\.\d\d) (MUST|SHOULD|MAY)\n(.+?)\n\n.*?\*Test:\* `\w+?_\d_\d\d_(\w+)`", re.M | re.S)


def sentences():
    """What each rule says, by number, and the name of its test."""
    page = (Path(__file__).parent.parent / "RULES.md").read_text()
    return {number: (level, " ".join(sentence.split()), name) for number, level, sentence, name in _RULE.findall(page)}
