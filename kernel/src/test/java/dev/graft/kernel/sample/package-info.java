/** A small model and a small method for tests of what runs models and methods. */
package dev.graft.kernel.sample;
