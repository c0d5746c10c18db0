/** Text generation: batches of prompts, each with its own adapters and its own way of choosing tokens. */
package dev.graft.kernel.generate;
