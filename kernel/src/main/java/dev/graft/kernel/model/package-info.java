/** Opening models and adapters from disk, and writing them back. */
package dev.graft.kernel.model;
