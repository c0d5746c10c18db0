/** The torch engine without elements: it tells how much memory a computation takes, and computes nothing. */
package dev.graft.engines.torch.measuring;
