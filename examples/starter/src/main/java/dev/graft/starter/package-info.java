/** Writes everything that the starter model and the examples are made from: a corpus, a vocabulary and labelled data. */
package dev.graft.starter;
