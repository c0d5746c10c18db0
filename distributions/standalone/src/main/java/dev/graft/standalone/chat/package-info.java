/** A conversation with a model, held line by line. */
package dev.graft.standalone.chat;
