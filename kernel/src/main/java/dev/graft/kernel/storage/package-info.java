/** Files and folders that appear whole or not at all. */
package dev.graft.kernel.storage;
