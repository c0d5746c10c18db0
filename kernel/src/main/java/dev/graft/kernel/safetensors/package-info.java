/** The safetensors format: a length, a JSON header, then the bytes of all tensors, little-endian and without gaps. */
package dev.graft.kernel.safetensors;
