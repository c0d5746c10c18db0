/** Tasks that are learned one after the other, and what is left of the earlier ones. */
package dev.graft.standalone.continual;
