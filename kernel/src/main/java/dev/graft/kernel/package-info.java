/** Autograd, composition of adapters, training and plugin hosts; knows no technique by name. */
package dev.graft.kernel;
