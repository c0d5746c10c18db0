/** The command {@code graft}. */
package dev.graft.standalone;
