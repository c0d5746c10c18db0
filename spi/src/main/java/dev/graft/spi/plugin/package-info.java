/**
 * What every plugin registers.
 *
 * <p>What these contracts demand in capital letters, the test kit tries: the number behind it is that of the rule in
 * {@code tck/RULES.md}, with its intent and the name of its test.
 *
 * <h2>The jar</h2>
 *
 * One jar serves every program. A host of class loaders finds its providers in {@code META-INF/services}; an OSGi framework reads
 * the rest off its manifest.
 *
 * <ul>
 *   <li>It MUST be a bundle with a name and a version (rule 1.01), import the contracts with a range of versions (rule 1.02),
 *       export nothing (rule 1.03), and name what it registers as a capability (rule 1.10).
 *   <li>It MUST register at least one provider that is in it (rule 1.07) and that can be made (rule 1.08), which MUST do nothing
 *       but be there (rule 1.09).
 *   <li>It MUST NOT hold the contracts or the kernel (rule 1.04), nor refer to the kernel at all (rule 1.06). It MUST NOT hold
 *       an engine or native libraries, unless it belongs on the class path, as an engine does and as its manifest says of
 *       others with {@code Graft-Host: class-path} (rule 1.05).
 *   <li>Its classes MUST run on Java 17 (rule 1.11).
 *   <li>Every host MUST find all its providers (rule 16.01), again after it was away (rule 16.04), and as a bundle after it was
 *       stopped and started (rule 16.05).
 *   <li>Whoever uses it MUST keep what they have while it is replaced (rule 16.06). Once nobody does, its class loader MUST be
 *       collected (rule 1.13), and no thread of it MUST be left (rule 16.08).
 * </ul>
 */
package dev.graft.spi.plugin;
