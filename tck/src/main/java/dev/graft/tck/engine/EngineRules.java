package dev.graft.tck.engine;

import static dev.graft.tck.rule.Chapter.article;
import static dev.graft.tck.rule.Rule.must;

import dev.graft.tck.rule.Chapter;
import dev.graft.tck.rule.Rule;
import java.util.List;

/** Chapter 10: engines, every operation against its definition in double precision over random shapes. */
public final class EngineRules {
    private static final String NUMBERS = "An operation that is a little wrong trains a model that is a little worse.";

    /** The chapter. */
    public static final Chapter<EngineTrial> CHAPTER = new Chapter<>(
            10,
            "Engine",
            List.of(
                    article(
                            must(
                                            "10.01",
                                            "bytesComeBack",
                                            "Bytes that are written or wrapped are read back, for every element"
                                                    + " type and shape, empty ones among them.")
                                    .because("Checkpoints go this way.")
                                    .look("write, read, wrap."),
                            StructureChecks::bytes),
                    article(
                            defined(
                                    "10.02",
                                    "unaryFunctionsAreWhatTheySay",
                                    "Every function of one argument gives its"
                                            + " definition, in single and double precision."),
                            ElementChecks::unary),
                    article(
                            defined(
                                    "10.03",
                                    "unaryGradientsEqualDifferences",
                                    "The gradient of every function of one argument"
                                            + " agrees with central differences."),
                            ElementChecks::unaryBackward),
                    article(
                            defined(
                                    "10.04",
                                    "binaryFunctionsBroadcast",
                                    "Every function of two arguments gives its definition,"
                                            + " broadcasting; comparisons give truth values."),
                            ElementChecks::binary),
                    article(
                            must(
                                            "10.05",
                                            "nanAndInfinityPropagate",
                                            "NaN and infinities pass through operations as IEEE 754 has"
                                                    + " it, and allFinite finds them.")
                                    .because("A run that has gone wrong has to be noticed.")
                                    .look("MAX and MIN of NaN; fast-math switches of the native library."),
                            ElementChecks::extremes),
                    article(
                            defined(
                                    "10.06",
                                    "foldsAreWhatTheySay",
                                    "Sums, means and extrema give their definitions; the sum of"
                                            + " nothing is 0, its mean NaN."),
                            ElementChecks::reductions),
                    article(
                            defined(
                                    "10.07",
                                    "softmaxAndRunningSumsAreWhatTheySay",
                                    "softmax, logSoftmax, cumulativeSum and"
                                            + " argMax give their definitions, without overflow."),
                            ElementChecks::along),
                    article(
                            defined(
                                    "10.08",
                                    "castsKeepSmallIntegers",
                                    "Casts between element types keep integers up to 127, and"
                                            + " round to the nearest."),
                            ElementChecks::casts),
                    article(
                            defined(
                                    "10.09",
                                    "elementsMoveWhereTheyBelong",
                                    "reshape, permute, slice, expand, concat and copy move"
                                            + " every element where it belongs."),
                            StructureChecks::moving),
                    article(
                            defined(
                                    "10.10",
                                    "elementsArePickedByIndex",
                                    "select, gather, embedding and selectAddInPlace pick and"
                                            + " add by index, repeated indices among them."),
                            StructureChecks::picking),
                    article(
                            must(
                                            "10.11",
                                            "handlesCount",
                                            "Elements live as long as their last handle; liveArrays counts handles;"
                                                    + " closing twice does nothing; a closed one cannot be used.")
                                    .because("Memory is freed by hand.")
                                    .look("reference counts of views."),
                            StructureChecks::handles),
                    article(
                            must(
                                            "10.12",
                                            "randomNumbersFollowTheirSeed",
                                            "The same seed gives the same numbers, whatever was"
                                                    + " drawn before; uniform numbers lie in [0, 1).")
                                    .because("A run can be repeated.")
                                    .look("a generator that all calls share."),
                            StructureChecks::randomNumbers),
                    article(
                            defined(
                                    "10.13",
                                    "inPlaceChangesTheTargetAlone",
                                    "addInPlace and scaleInPlace change their target by"
                                            + " their definition, and nothing else."),
                            StructureChecks::inPlace),
                    article(
                            defined(
                                    "10.14",
                                    "productsTransposeAndBroadcast",
                                    "matmul gives its definition for every combination of"
                                            + " transposes, broadcasting, with empty and single extents."),
                            NetworkChecks::products),
                    article(
                            defined(
                                    "10.15",
                                    "frozenWeightsMultiplyAndThaw",
                                    "linear and its input gradient give their definition"
                                            + " for both layouts, and a frozen weight thaws to the bit."),
                            NetworkChecks::linears),
                    article(
                            defined("10.16", "normsAreWhatTheySay", "layerNorm and rmsNorm give their definitions."),
                            NetworkChecks::norms),
                    article(
                            defined(
                                    "10.17",
                                    "attentionSeesWhatItMay",
                                    "attention gives its definition with grouped heads, masks"
                                            + " and causality; a query that sees nothing gives zeros."),
                            NetworkChecks::attention),
                    article(
                            defined(
                                    "10.18",
                                    "rotaryTurnsAndTurnsBack",
                                    "rotary gives its definition on the leading features, and" + " turns back."),
                            NetworkChecks::rotary),
                    article(
                            defined(
                                    "10.19",
                                    "crossEntropyIgnoresWhatItShould",
                                    "crossEntropy and linearCrossEntropy give their"
                                            + " definition, and 0 for ignored labels."),
                            NetworkChecks::losses),
                    article(
                            defined(
                                    "10.20",
                                    "adamWIsWhatItSays",
                                    "adamW updates parameter and moments by its definition, and"
                                            + " leaves the gradient alone."),
                            NetworkChecks::adamW),
                    article(
                            must(
                                            "10.21",
                                            "threadsDoNotMix",
                                            "Threads that compute at the same time come to the same results.")
                                    .because("Requests come at once.")
                                    .look("scratch memory that calls share."),
                            StructureChecks::threads),
                    article(
                            defined(
                                    "10.22",
                                    "normGradientsEqualDifferences",
                                    "layerNormBackward and rmsNormBackward agree with central differences, and give only"
                                            + " what was asked for."),
                            GradientChecks::norms),
                    article(
                            defined(
                                    "10.23",
                                    "attentionGradientsEqualDifferences",
                                    "attentionBackward agrees with central differences, with grouped heads, masks and"
                                            + " causality; a query that sees nothing gives no gradient."),
                            GradientChecks::attention),
                    article(
                            defined(
                                    "10.24",
                                    "lossGradientsEqualDifferences",
                                    "crossEntropyBackward and linearCrossEntropyBackward agree with central differences;"
                                            + " ignored labels give no gradient."),
                            GradientChecks::losses),
                    article(
                            defined(
                                    "10.25",
                                    "softmaxGradientsEqualDifferences",
                                    "softmaxBackward and logSoftmaxBackward agree with central differences along either"
                                            + " axis."),
                            GradientChecks::softmax),
                    article(
                            defined(
                                    "10.26",
                                    "gatedSiluIsWhatItSays",
                                    "gatedSilu gives its definition, and its gradients agree with central differences."),
                            GradientChecks::gated),
                    article(
                            defined(
                                    "10.27",
                                    "choicesAreWhatTheySay",
                                    "where chooses element by element, broadcasting; copyInPlace overwrites its target in the"
                                            + " target's type, and nothing else."),
                            MatrixChecks::choices),
                    article(
                            defined(
                                    "10.28",
                                    "productsInPlaceAreWhatTheySay",
                                    "matmulInPlace gives its definition for every combination of transposes, and leaves its"
                                            + " factors alone."),
                            MatrixChecks::productsInPlace),
                    article(
                            defined(
                                    "10.29",
                                    "singularValuesMultiplyBack",
                                    "The factors of svd multiply to the matrix, U and V are orthonormal, and singular values"
                                            + " fall."),
                            MatrixChecks::singularValues)));

    private EngineRules() {}

    private static Rule defined(String number, String name, String sentence) {
        return must(number, name, sentence)
                .because(NUMBERS)
                .look("the operation that is named, at the shape that is named.");
    }
}
