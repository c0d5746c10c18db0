package dev.graft.tck.scorer;

import static dev.graft.tck.rule.Chapter.article;
import static dev.graft.tck.rule.Rule.must;

import dev.graft.tck.rule.Chapter;
import java.util.List;

/** Chapter 15: scorers, with tiny models as judges. */
public final class ScorerRules {
    /** The chapter. */
    public static final Chapter<ScorerTrial<?>> CHAPTER = new Chapter<>(
            15,
            "Scorer",
            List.of(
                    article(
                            must(
                                            "15.01",
                                            "everyAnswerGetsAFiniteNumber",
                                            "There is one finite number per answer. A scorer whose service is not there refuses to"
                                                    + " score in one sentence, here and in the rules that follow.")
                                    .because("One NaN makes all later steps worthless.")
                                    .look("divisions by a length; answers that are filtered."),
                            ScorerChecks::finite),
                    article(
                            must("15.02", "noAnswersNoScores", "No answers get no scores.")
                                    .because("A portion of a rollout may be empty.")
                                    .look("the first element of an empty list; a request without content."),
                            ScorerChecks::nothing),
                    article(
                            must(
                                            "15.03",
                                            "theSameAnswersScoreTheSame",
                                            "The same answers have the same scores every time, to the bit, also by another scorer of"
                                                    + " the same configuration.")
                                    .because(
                                            "A run can be repeated, and one that was stopped goes on as if it had not been.")
                                    .look("random numbers; running means."),
                            ScorerChecks::repeatable),
                    article(
                            must(
                                            "15.04",
                                            "anAnswerDoesNotDependOnItsMates",
                                            "An answer's score is the same among other answers, in another order, and alone.")
                                    .because("Which answers come together is chance.")
                                    .look("scores that are ranks or are brought to mean 0; padding."),
                            ScorerChecks::mates),
                    article(
                            must("15.05", "answersStayAsTheyAre", "Tokens and columns of answers stay as they are.")
                                    .because("They are learnt from after they were scored.")
                                    .look("arrays that are changed in place."),
                            ScorerChecks::answersStay),
                    article(
                            must(
                                            "15.06",
                                            "whatIsNotThereIsRefused",
                                            "A configuration that names what is not there, and is declared to be refused, is refused in"
                                                    + " one sentence when the scorer is made or at its first score, and leaves no"
                                                    + " arrays.")
                                    .because("A run should end before its first rollout, not after.")
                                    .look("exceptions of the service, of files and of patterns that get through."),
                            ScorerChecks::refused),
                    article(
                            must(
                                            "15.07",
                                            "closingFreesWhatItHolds",
                                            "After close as many arrays are alive as before, no thread keeps the program alive, and"
                                                    + " closing again does nothing.")
                                    .because("Runs follow one another in one program.")
                                    .look("the judge, which belongs to the scorer; threads that are no daemons."),
                            ScorerChecks::closes),
                    article(
                            must(
                                            "15.08",
                                            "runsDoNotMix",
                                            "Scorers of one configuration that are asked by several threads, one each, say what they say"
                                                    + " alone.")
                                    .because("Several runs share one program.")
                                    .look("static state."),
                            ScorerChecks::threads),
                    article(
                            must("15.09", "anEmptyAnswerIsScored", "An answer without text gets a finite number.")
                                    .because("Models learn to say nothing before they learn to say something.")
                                    .look("divisions by a length."),
                            ScorerChecks::empty),
                    article(
                            must(
                                            "15.10",
                                            "anOverlongAnswerIsScoredOrRefused",
                                            "An answer of more tokens than any model reads gets a finite number, or is refused in one"
                                                    + " sentence, after which others are scored as before.")
                                    .because("Models ramble before they learn to stop.")
                                    .look("Judge.maxPositions."),
                            ScorerChecks::overlong)));

    private ScorerRules() {}
}
