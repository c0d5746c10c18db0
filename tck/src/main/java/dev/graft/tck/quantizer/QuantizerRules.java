package dev.graft.tck.quantizer;

import static dev.graft.tck.rule.Chapter.article;
import static dev.graft.tck.rule.Rule.must;

import dev.graft.tck.rule.Chapter;
import java.util.List;

/** Chapter 11: quantizers, on weights in single precision, bfloat16 and half precision. */
public final class QuantizerRules {
    /** The chapter. */
    public static final Chapter<QuantizerTrial> CHAPTER = new Chapter<>(
            11,
            "Quantizer",
            List.of(
                    article(
                            must("11.01", "theWeightStaysAsItIs", "Quantising leaves the weight as it was, to the bit.")
                                    .because("It may lie in a mapped file, or be shared.")
                                    .look("operations in place on the weight."),
                            QuantizerChecks::weightStays),
                    article(
                            must(
                                            "11.02",
                                            "itRemembersWhatItWas",
                                            "A quantised weight has the shape and the element type of the original, and parts"
                                                    + " with plain names.")
                                    .because("What is multiplied with it and what is saved depends on them.")
                                    .look("the shape of packed codes in place of the weight's."),
                            QuantizerChecks::remembers),
                    article(
                            must(
                                            "11.03",
                                            "valuesComeBackInTheTypeAskedFor",
                                            "What is dequantised has the original's shape and the element type that was asked"
                                                    + " for.")
                                    .because(
                                            "Merging and saving ask for the checkpoint's type, products for their own.")
                                    .look("the type of the scales."),
                            QuantizerChecks::comesBack),
                    article(
                            must(
                                            "11.04",
                                            "errorsStayWithinTheBound",
                                            "No number is further from the original than the declared share of the largest one"
                                                    + " that it shares a scale with.")
                                    .because(
                                            "An error that is larger than it has to be costs quality, and nobody notices.")
                                    .seen(
                                            "bitsandbytes 565: errors several times as large with blocks of 1024 numbers and"
                                                    + " more.")
                                    .look("which numbers share a scale; rounding to the nearest code."),
                            QuantizerChecks::bounded),
                    article(
                            must(
                                            "11.05",
                                            "zerosAndSignsAreKept",
                                            "Zeros come back as zeros, a row and a weight of nothing else among them, and no number"
                                                    + " changes its sign.")
                                    .because("Rows of zeros are there on purpose, for tokens that are never used.")
                                    .seen("pytorch/ao 4713: numbers of a block of zeros became NaN.")
                                    .look("divisions by a largest number of 0; or declare that it cannot keep-zero."),
                            QuantizerChecks::zeros),
                    article(
                            must(
                                            "11.06",
                                            "quantisingAgainChangesNothing",
                                            "What was dequantised, quantised and dequantised again, is the same but for rounding.")
                                    .because("Checkpoints are saved and loaded more than once.")
                                    .look("scales that shrink; or declare that it cannot settle."),
                            QuantizerChecks::settles),
                    article(
                            must(
                                            "11.07",
                                            "theSameWeightTheSameParts",
                                            "The same weight has the same parts every time, to the bit.")
                                    .because("A run can be repeated.")
                                    .look("stochastic rounding without a seed."),
                            QuantizerChecks::sameParts),
                    article(
                            must(
                                            "11.08",
                                            "itTakesFewerBytes",
                                            "The parts of a weight take fewer bytes than the weight.")
                                    .because("That is what it is for.")
                                    .look("codes in a wide type; scales for too few numbers."),
                            QuantizerChecks::smaller),
                    article(
                            must(
                                            "11.09",
                                            "frozenMultipliesLikeTheDequantised",
                                            "A frozen weight multiplies, and gives input gradients, like the dequantised one, stored"
                                                    + " with the output or the input first.")
                                    .because("A fused product is a matter of speed.")
                                    .look("inputMajor, which says which axis of the weight is the input."),
                            FrozenChecks::multiplies),
                    article(
                            must(
                                            "11.10",
                                            "nanAndInfinityAreNotHidden",
                                            "A weight that holds NaN or an infinity is refused in one sentence, or does not come"
                                                    + " back finite.")
                                    .because("A damaged checkpoint has to be noticed.")
                                    .look("comparisons with NaN, and casts of it to whole numbers."),
                            QuantizerChecks::notHidden),
                    article(
                            must(
                                            "11.11",
                                            "oddShapesAreServedOrRefused",
                                            "A weight of one number, of none, of one axis or three, or whose extents are no multiple"
                                                    + " of anything, is quantised within the bound, or refused in one sentence.")
                                    .because("Checkpoints hold more than square matrices.")
                                    .seen(
                                            "bitsandbytes 1884: the scale of the last block was wrong where numbers did not fill"
                                                    + " it.")
                                    .look("the last block; padding that takes part in a scale."),
                            QuantizerChecks::oddShapes),
                    article(
                            must(
                                            "11.12",
                                            "partsGoThroughFiles",
                                            "Parts that were written and read under their names stand for the same values, to the"
                                                    + " bit, also for another quantizer of the same configuration.")
                                    .because("Quantised weights are kept.")
                                    .look("state of the quantizer beside the parts."),
                            QuantizerChecks::throughFiles),
                    article(
                            must(
                                            "11.13",
                                            "nothingIsLeft",
                                            "After quantising nothing is alive but the parts, after dequantising nothing but the"
                                                    + " values, and nothing after a frozen weight was closed; the parts stay open.")
                                    .because("A model has hundreds of weights.")
                                    .look("intermediate arrays; parts that freeze closes."),
                            FrozenChecks::leavesNothing),
                    article(
                            must(
                                            "11.14",
                                            "threadsDoNotMix",
                                            "Threads that quantise at the same time come to the same parts.")
                                    .because("Weights are loaded side by side.")
                                    .look("buffers that calls share."),
                            QuantizerChecks::threads)));

    private QuantizerRules() {}
}
