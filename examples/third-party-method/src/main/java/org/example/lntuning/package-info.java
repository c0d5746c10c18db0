/** LN-tuning: only normalisations learn. */
package org.example.lntuning;
