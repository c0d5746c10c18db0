/** The composition of a frozen base with the attachments of every row. */
package dev.graft.kernel.compose;
