package dev.graft.kernel.generate;

import dev.graft.spi.tokenizer.Tokenizer;
import java.util.Arrays;

/** One row of a batch while it grows. */
final class GeneratingRow {
    private final int index;
    private final GenerationRequest request;
    private final TokenSampler sampler;
    private final GeneratedText text;
    private int[] ids = new int[16];
    private int count;
    private FinishReason finish;

    GeneratingRow(int index, GenerationRequest request, Tokenizer tokenizer) {
        this.index = index;
        this.request = request;
        this.sampler = new TokenSampler(request.options(), request.prompt());
        this.text =
                new GeneratedText(tokenizer, request.prompt(), request.options().stopStrings());
    }

    /** The ids of the next pass: the prompt at first, then the latest token. */
    int[] input() {
        return count == 0 ? request.prompt() : new int[] {ids[count - 1]};
    }

    /**
     * Chooses the next token and tells the listener.
     *
     * @param logits of this row; overwritten
     * @param positionsLeft whether the model could take the new token in
     * @return whether the row goes on
     */
    boolean grow(float[] logits, boolean positionsLeft, TokenListener listener) {
        int id = sampler.choose(logits);
        if (count == ids.length) {
            ids = Arrays.copyOf(ids, 2 * count);
        }
        ids[count++] = id;
        String certain = text.add(id);
        finish = finishAfter(id, positionsLeft);
        boolean wanted = listener.token(index, id, finish == null ? certain : certain + text.finish());
        if (finish == null && !wanted) {
            text.finish();
            finish = FinishReason.CANCELLED;
        }
        return finish == null;
    }

    private FinishReason finishAfter(int id, boolean positionsLeft) {
        SamplingOptions options = request.options();
        if (options.endTokens().contains(id)) {
            return FinishReason.END_TOKEN;
        }
        if (text.stopped()) {
            return FinishReason.STOP_STRING;
        }
        if (count >= options.maxNewTokens()) {
            return FinishReason.MAX_NEW_TOKENS;
        }
        return positionsLeft ? null : FinishReason.MAX_POSITIONS;
    }

    Generation result() {
        return new Generation(Arrays.copyOf(ids, count), text.toString(), finish);
    }
}
