package dev.graft.tck.junit;

import org.junit.jupiter.api.Test;

/** What every provider is held to, whatever it offers. */
abstract class ProviderTests extends RuleTests {
    /** The id consists of lower-case letters, digits and single hyphens. */
    @Test
    final void required_2_01_theIdIsPlain() throws Exception {
        verify("2.01");
    }

    /** The version is numbers joined by dots, with a qualifier perhaps. */
    @Test
    final void required_2_02_theVersionIsNumbers() throws Exception {
        verify("2.02");
    }

    /** Every component of the configuration carries a {@literal @}Key with a sentence. */
    @Test
    final void required_2_03_everyKeyIsExplained() throws Exception {
        verify("2.03");
    }

    /** Every default is a value that the key allows. */
    @Test
    final void required_2_04_defaultsAreAllowed() throws Exception {
        verify("2.04");
    }

    /** Without any keys the configuration is there, or the refusal names a required key. */
    @Test
    final void required_2_05_withoutKeysItBindsOrNamesWhatIsMissing() throws Exception {
        verify("2.05");
    }

    /** A key that the configuration does not have is refused, and named. */
    @Test
    final void required_2_06_anUnknownKeyIsRefused() throws Exception {
        verify("2.06");
    }

    /** Whatever value stands at a key, it is taken or refused in one sentence. */
    @Test
    final void required_2_07_everyValueIsTakenOrRefused() throws Exception {
        verify("2.07");
    }

    /** Written out and read again a configuration equals itself. */
    @Test
    final void required_2_08_aConfigurationComesBack() throws Exception {
        verify("2.08");
    }

    /** The summary is one line of at most 120 characters. */
    @Test
    final void required_2_09_theSummaryIsOneLine() throws Exception {
        verify("2.09");
    }

    /** Id, version, summary and configuration are the same however often they are asked for. */
    @Test
    final void required_2_10_itAnswersTheSameEveryTime() throws Exception {
        verify("2.10");
    }

    /** A method's documentation has all six parts: idea, formula, source, when to choose it, number of parameters, files. */
    @Test
    final void required_2_11_aMethodIsDocumented() throws Exception {
        verify("2.11");
    }

    /** Two configurations bound from the same keys are equal. */
    @Test
    final void required_2_12_aConfigurationIsAValue() throws Exception {
        verify("2.12");
    }
}
