/** What a training run shows while it goes on and when it ends: text for people, JSON for programs, files for later. */
package dev.graft.standalone.training;
