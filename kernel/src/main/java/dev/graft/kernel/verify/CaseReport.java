package dev.graft.kernel.verify;

/**
 * What became of one case.
 *
 * @param name path of the case below the directory that was verified
 * @param status outcome
 * @param maxAbsError largest absolute difference of a logit, or null where none was compared
 * @param maxRelLossError largest relative difference of a loss, or null where none was compared
 * @param reason why it failed or is unsupported; when it passed, empty or what a person should know about it
 */
public record CaseReport(String name, Status status, Double maxAbsError, Double maxRelLossError, String reason) {
    /** Outcomes. */
    public enum Status {
        /** Everything agrees within tolerance. */
        PASS,
        /** Something differs. */
        FAIL,
        /** A plugin that the case needs is not installed. */
        UNSUPPORTED
    }

    static CaseReport unsupported(String name, String reason) {
        return new CaseReport(name, Status.UNSUPPORTED, null, null, reason);
    }

    static CaseReport failed(String name, String reason) {
        return new CaseReport(name, Status.FAIL, null, null, reason);
    }
}
