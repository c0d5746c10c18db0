package dev.graft.standalone.command;

import dev.graft.kernel.recommendation.Verdict;
import java.util.Map;

/**
 * The recipe that was found.
 *
 * @param verdict the technique it is for
 * @param yaml the recipe
 * @param misfits techniques that were tried before it and did not fit into memory, with the reason
 */
record FittedRecipe(Verdict verdict, String yaml, Map<String, String> misfits) {
    /** Copies the map. */
    FittedRecipe {
        misfits = Map.copyOf(misfits);
    }

    /** Why a technique was or was not chosen. */
    String reason(Verdict other) {
        return misfits.getOrDefault(other.method().id(), other.reason());
    }
}
