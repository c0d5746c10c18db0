package dev.graft.tck.objective;

import static dev.graft.tck.rule.Chapter.article;
import static dev.graft.tck.rule.Rule.must;

import dev.graft.tck.rule.Chapter;
import java.util.List;
import java.util.stream.Stream;

/** Chapter 13: objectives, on records of the kit or of their author, with the kit's own method attached. */
public final class ObjectiveRules {
    private static final List<Chapter.Article<ObjectiveTrial<?>>> ENCODING = List.of(
            article(
                    must(
                                    "13.01",
                                    "encodingIsRepeatable",
                                    "A record makes the same example every time, and stays as it is.")
                            .because("A run that goes on reads its data anew.")
                            .look("state between calls of encode; a map of columns that is changed in place."),
                    EncodingChecks::repeatable),
            article(
                    must(
                                    "13.02",
                                    "aWrongRecordIsRefused",
                                    "A record that lacks a column, or holds a value of another type in it, makes an example, holds"
                                            + " nothing to learn from, or is refused in one sentence that names its source and"
                                            + " column; nothing else is thrown, and one without any column makes no example.")
                            .because("One line of a million is wrong, and its author has to find it.")
                            .look("casts; DataRecord.require and DataRecord.text say what is wrong."),
                    EncodingChecks::wrong),
            article(
                    must(
                                    "13.03",
                                    "aLimitIsKeptOrLeftToTheRun",
                                    "With a maxLength of " + EncodingChecks.LEAST
                                            + " or more sequences are no longer than that, or the whole"
                                            + " ones, which the run cuts; one that is kept anyhow changes nothing.")
                            .because("What is longer than the model's positions stops the run.")
                            .look("special tokens that are added behind what was cut."),
                    EncodingChecks::bounded),
            article(
                    must(
                                    "13.04",
                                    "tokensAndLabelsAreOfTheVocabulary",
                                    "Every sequence has a token, tokens are of the model's vocabulary, labels as well or"
                                            + " -100, and all rows of a sequence are as long.")
                            .because("Beyond the table of embeddings there is other people's memory.")
                            .look("the tokenizer's size, which may exceed the model's vocabulary."),
                    EncodingChecks::inVocabulary),
            article(
                    must(
                                    "13.05",
                                    "drawingFollowsItsNumbers",
                                    "What draw makes depends on the example and the random numbers alone, has as many"
                                            + " tokens, and leaves the example as it is.")
                            .because("A run that goes on draws what it would have drawn.")
                            .look("random numbers from elsewhere; arrays of the example that are changed in place."),
                    EncodingChecks::drawn),
            article(
                    must(
                                    "13.06",
                                    "preparingFollowsItsNumbers",
                                    "What prepare makes depends on the records and the random numbers alone, and both"
                                            + " lists stay as they are.")
                            .because("A run that goes on reads its data anew.")
                            .look("random numbers from elsewhere; lists that are shuffled in place."),
                    EncodingChecks::prepared));

    private static final List<Chapter.Article<ObjectiveTrial<?>>> LOSSES = List.of(
            article(
                    must(
                                    "13.07",
                                    "theLossIsFinite",
                                    "The loss of a batch, and of each example alone, is finite, its weight finite and above 0;"
                                            + " so are its metrics.")
                            .because("One NaN makes all later steps worthless.")
                            .look("divisions by a number of tokens that may be 0."),
                    LossChecks::finite),
            article(
                    must(
                                    "13.08",
                                    "gradientsEqualFiniteDifferences",
                                    "The gradient of the loss with respect to every parameter, the objective's own among them,"
                                            + " agrees with central differences in double precision, and is not 0 throughout.")
                            .because("A wrong gradient still trains, a little worse, and nobody notices.")
                            .look("detach() and withoutGradient(); values that are computed on the host."),
                    LossChecks::differences),
            article(
                    must(
                                    "13.09",
                                    "batchesAddUp",
                                    "Sum, weight and metrics of a batch are the sums of those of its examples alone.")
                            .because("Accumulation over small batches equals one large batch.")
                            .seen(
                                    "transformers 24725: means of small batches were averaged as if each had as many tokens.")
                            .look("means over the batch; or declare that it cannot accumulate."),
                    LossChecks::addsUp),
            article(
                    must("13.10", "paddingChangesNothing", "More padding changes neither sum, weight nor metrics.")
                            .because("How a batch is padded is chance.")
                            .seen("trl 1625: ORPO's likelihood counted tokens of padding.")
                            .look("means over rows; tokens without a label that are counted."),
                    LossChecks::padding),
            article(
                    must(
                                    "13.11",
                                    "theOrderOfExamplesChangesNothing",
                                    "The examples of a batch in another order have the same sum, weight and metrics.")
                            .because("Data are shuffled.")
                            .look("values of examples that are matched with the wrong rows."),
                    LossChecks::order),
            article(
                    must(
                                    "13.12",
                                    "packedEqualsSeparate",
                                    "If it is packable, several examples in a row come to what they come to in rows of their"
                                            + " own.")
                            .because("Packing is a matter of speed.")
                            .seen("trl 1230: packed examples saw each other.")
                            .look("Input.segments and the first label of each segment; or packable()."),
                    LossChecks::packed),
            article(
                    must(
                                    "13.13",
                                    "onlyLabelledTokensTeach",
                                    "Where tokens have labels, what the model says at a token that predicts none changes neither"
                                            + " sum nor weight; a decoder predicts a label at the token before it.")
                            .because("A prompt is there to be read, not to be learnt.")
                            .look("labels of -100; labels that are not shifted, or shifted twice."),
                    LossChecks::ignored),
            article(
                    must(
                                    "13.14",
                                    "theLossOfABatchFallsWithinABudget",
                                    "Within " + LossChecks.BUDGET
                                            + " steps of Adam on one batch the loss falls by the declared share of"
                                            + " what it was, or of 1 if it was smaller; undeclared, by "
                                            + ObjectiveDeclaration.Tried.FALLS + ".")
                            .because("What cannot learn a few examples by heart learns nothing.")
                            .look("the sign of the loss; gradients that do not reach the policy."),
                    LossChecks::learns),
            article(
                    must(
                                    "13.15",
                                    "lossesLeaveNothing",
                                    "After a loss with its gradients, and after an evaluation, as many arrays are alive as"
                                            + " before.")
                            .because("A run takes thousands of steps.")
                            .look("tensors that are kept in fields."),
                    LossChecks::leavesNothing),
            article(
                    must(
                                    "13.16",
                                    "runsDoNotMix",
                                    "Objectives of one configuration that are run by several threads, one each, come to what they"
                                            + " come to alone.")
                            .because("Several runs share one program.")
                            .look("static state."),
                    LossChecks::threads),
            article(
                    must(
                                    "13.17",
                                    "drawnAnswersFollowTheirNumbers",
                                    "If it samples, the loss of drawn answers is finite, its weight above 0, the same for the same"
                                            + " random numbers, and not for all others.")
                            .because("The Fisher information is estimated by it.")
                            .look("sampledLoss: labels of the data in place of drawn ones."),
                    LossChecks::sampled));

    private static final List<Chapter.Article<ObjectiveTrial<?>>> RUNS = List.of(
            article(
                    must(
                                    "13.18",
                                    "computedAheadEqualsComputedLive",
                                    "If it looks ahead, every example gets the same figures in every batch, and the loss with them"
                                            + " is the loss without.")
                            .because("Figures of the reference on disk are a matter of speed.")
                            .look("names under which ahead gives, and loss finds, figures."),
                    ActingChecks::ahead),
            article(
                    must(
                                    "13.19",
                                    "whatItLearnsComesBack",
                                    "What the objective itself has learnt, saved and loaded into a fresh one, gives the same loss,"
                                            + " to the bit; its file is one of its own.")
                            .because("A run that goes on begins with what the last one learnt.")
                            .look("attach: what is declared, and under which names it is in state()."),
                    ActingChecks::own),
            article(
                    must(
                                    "13.20",
                                    "aFreshEvaluatorBeginsAtNothing",
                                    "Every evaluator gives the same figures for the same data, finite, 'loss' among them.")
                            .because("Figures of several evaluations are compared.")
                            .look("sums that evaluators share."),
                    EvaluationChecks::fresh),
            article(
                    must(
                                    "13.21",
                                    "figuresDoNotDependOnTheCut",
                                    "Figures are the same however the data were cut into batches.")
                            .because("The size of a batch is a matter of memory.")
                            .seen("transformers 39241: the loss of an evaluation depends on its batch size.")
                            .look("means of means; or declare that it cannot cut-evaluation."),
                    EvaluationChecks::cut),
            article(
                    must(
                                    "13.22",
                                    "nothingEvaluatedIsNoError",
                                    "Without data an evaluator gives its figures, 'loss' among them, and throws nothing.")
                            .because("A data set may turn out empty after its records were sifted.")
                            .look("the first element of an empty list."),
                    EvaluationChecks::nothing),
            article(
                    must(
                                    "13.23",
                                    "probabilitiesOfLabelsSumToOne",
                                    "A labeller gives each record one probability per label, which sum to 1, and does not read"
                                            + " the label that stands there.")
                            .because("Labels are given to records that have none.")
                            .look("logits in place of probabilities; encode, which needs a label."),
                    EvaluationChecks::labels),
            article(
                    must(
                                    "13.24",
                                    "theSameNumbersGiveTheSameExperience",
                                    "With the same model, prompts and random numbers the first rollout of two fresh objectives comes"
                                            + " to the same examples, figures and answers, and leaves no arrays.")
                            .because("A run that goes on has the answers it would have had.")
                            .look("random numbers from elsewhere; state that a rollout changes."),
                    ActingChecks::sameExperience),
            article(
                    must(
                                    "13.25",
                                    "experienceCanBeLearntFrom",
                                    "A rollout comes to examples with all that the loss needs, and to finite figures.")
                            .because("They go through a file before they are learnt from.")
                            .look("what loss reads among values and series."),
                    ActingChecks::learnable));

    /** The chapter. */
    public static final Chapter<ObjectiveTrial<?>> CHAPTER = new Chapter<>(
            13,
            "Objective",
            Stream.of(ENCODING, LOSSES, RUNS).flatMap(List::stream).toList());

    private ObjectiveRules() {}
}
