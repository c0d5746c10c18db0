/** The tape: differentiable tensors over any engine, with native memory freed at known points. */
package dev.graft.kernel.tensor;
