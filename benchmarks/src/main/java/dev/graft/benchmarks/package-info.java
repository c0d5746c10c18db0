/** Side-by-side and JMH measurements. */
package dev.graft.benchmarks;
