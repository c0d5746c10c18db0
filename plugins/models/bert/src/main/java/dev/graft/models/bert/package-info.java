/** BERT and RoBERTa encoders. */
package dev.graft.models.bert;
