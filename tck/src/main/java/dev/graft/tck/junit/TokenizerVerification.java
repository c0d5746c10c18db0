package dev.graft.tck.junit;

import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.ServiceLoaderHost;
import dev.graft.spi.tokenizer.TokenizerProvider;
import dev.graft.tck.Kit;
import dev.graft.tck.bench.Bench;
import dev.graft.tck.rule.Examination;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every tokenizer plugin is held to, with the kit's own files in the format of Hugging Face's libraries. */
public abstract class TokenizerVerification extends ProviderTests {
    /** For subclasses. */
    protected TokenizerVerification() {}

    /** The tokenizer plugin. */
    protected abstract TokenizerProvider tokenizer();

    @Override
    final List<Examination<?>> examine() {
        TokenizerProvider tokenizer = tokenizer();
        Bench bench =
                closing(new Bench(new ServiceLoaderHost(tokenizer.getClass().getClassLoader()).registry(), "torch", 1));
        return List.of(Kit.configuration(PluginKind.TOKENIZER, tokenizer), Kit.tokenizer(bench, tokenizer));
    }

    /** The ids of a text of words of the vocabulary, put together, are that text, but for space around it. */
    @Test
    final void required_14_01_whatIsSplitIsPutTogether() throws Exception {
        verify("14.01");
    }

    /** Each token's part of the text lies in the text, and parts do not fall from one to the next; there are as many as ids. */
    @Test
    final void required_14_02_tokensKnowWhereTheyComeFrom() throws Exception {
        verify("14.02");
    }

    /** Every id is at least 0 and below size(). */
    @Test
    final void required_14_03_idsAreOfTheVocabulary() throws Exception {
        verify("14.03");
    }

    /** id and token are each other's inverse for the tokens of a text and the special ones. */
    @Test
    final void required_14_04_tokensAndIdsAgree() throws Exception {
        verify("14.04");
    }

    /** With special tokens the ids hold those without, in one piece. */
    @Test
    final void required_14_05_specialTokensStandAround() throws Exception {
        verify("14.05");
    }

    /** The empty text has no ids. */
    @Test
    final void required_14_06_nothingIsNoToken() throws Exception {
        verify("14.06");
    }

    /** Put together without special tokens, ids with and without them give the same text. */
    @Test
    final void required_14_07_specialTokensCanBeLeftOut() throws Exception {
        verify("14.07");
    }

    /** pairTypes gives 0 or 1 for each id of the pair, and both are there. */
    @Test
    final void required_14_08_pairsHaveTypes() throws Exception {
        verify("14.08");
    }

    /** Threads that split texts at the same time get what each gets alone. */
    @Test
    final void required_14_09_threadsDoNotMix() throws Exception {
        verify("14.09");
    }

    /** An empty directory is not supported, and damaged files are refused in one sentence. */
    @Test
    final void required_14_10_whatItDoesNotReadItDoesNotSupport() throws Exception {
        verify("14.10");
    }
}
