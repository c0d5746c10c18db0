/** Numbered rules, and what becomes of them when a subject is held to them. */
package dev.graft.tck.rule;
