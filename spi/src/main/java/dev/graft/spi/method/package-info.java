/**
 * Fine-tuning techniques: attachments and the patches they bring to sites.
 *
 * <h2>Order of composition</h2>
 *
 * Several attachments of one row act in the order in which they were attached, which is the order of a recipe's
 * {@code methods} and of an adapter's manifest:
 *
 * <ul>
 *   <li>Parameters: each {@link dev.graft.spi.method.ParameterPatch} is given the value that those before it made. All of
 *       them come before whatever acts around the layer the parameter belongs to.
 *   <li>Linear layers: each {@link dev.graft.spi.method.LinearPatch} acts on the layer as those before it have made it. What
 *       goes in passes the patches from the last to the first, what comes out from the first to the last: a low-rank update
 *       attached before a scaling of the input is scaled along, one attached after it is not.
 *   <li>Embedding sites: vectors that were looked up pass the patches from the first to the last; the virtual tokens of the
 *       first stand in front of those of the second.
 *   <li>Attention sites: the keys and values of the first stand in front of those of the second.
 *   <li>Sublayer sites: a sublayer's output passes the patches from the first to the last; one that joins output and
 *       residual stream in its own way must be the last.
 * </ul>
 *
 * Merging follows the same order, so that a merged checkpoint computes what the attachments compute, for every pair of
 * methods that merge and in either order.
 */
package dev.graft.spi.method;
