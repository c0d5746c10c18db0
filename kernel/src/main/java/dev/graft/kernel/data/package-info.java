/**
 * From data files to batches: files are read to records, records are brought to a canonical shape, an objective turns them
 * into examples, and examples are ordered, packed and padded. Everything depends on the files and a seed alone.
 */
package dev.graft.kernel.data;
