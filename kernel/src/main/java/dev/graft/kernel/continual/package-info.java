/** What learning several tasks one after the other comes to. */
package dev.graft.kernel.continual;
