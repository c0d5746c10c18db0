/** Fine-tuning techniques: attachments and the patches they bring to sites. */
package dev.graft.spi.method;
