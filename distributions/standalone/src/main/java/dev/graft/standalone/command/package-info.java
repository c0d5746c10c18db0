/** The commands of {@code graft}, one class each. */
package dev.graft.standalone.command;
