/** Prediction of masked tokens. */
package dev.graft.objectives.maskedlm;
