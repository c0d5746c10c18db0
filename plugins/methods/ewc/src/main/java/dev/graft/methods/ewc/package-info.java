/** Elastic weight consolidation: learning tasks one after the other without forgetting the earlier ones. */
package dev.graft.methods.ewc;
