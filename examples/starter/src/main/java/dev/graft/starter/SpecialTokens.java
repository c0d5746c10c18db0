package dev.graft.starter;

import java.util.List;

/** The tokens with a meaning of their own; their ids are their places in {@link #ALL}. */
final class SpecialTokens {

    /** Ends a document; also the first token of an empty prompt. */
    static final String END_OF_TEXT = "<|endoftext|>";

    /** Fills the shorter rows of a batch. */
    static final String PAD = "<|pad|>";

    /** Begins a turn of a conversation; the role's name and a line break follow. */
    static final String TURN_START = "<|im_start|>";

    /** Ends a turn of a conversation. */
    static final String TURN_END = "<|im_end|>";

    /** All of them, in the order of their ids. */
    static final List<String> ALL = List.of(END_OF_TEXT, PAD, TURN_START, TURN_END);

    private SpecialTokens() {}

    /** The text with every special token taken out. */
    static String without(String text) {
        String plain = text;
        for (String token : ALL) {
            plain = plain.replace(token, "");
        }
        return plain;
    }
}
