/** What a training run leaves behind for people and their tools: metrics as JSON lines, event files, a picture. */
package dev.graft.standalone.report;
