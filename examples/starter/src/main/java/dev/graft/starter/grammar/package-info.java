/** Grammars that write text: rules of weighted lines whose slots other rules fill. */
package dev.graft.starter.grammar;
