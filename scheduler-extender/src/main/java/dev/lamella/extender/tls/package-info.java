/**
 * Certificates and keys as PEM text, from wherever they come, and what Java makes of them.
 *
 * <p>Entry points: {@link dev.lamella.extender.tls.KeyPem}, handed over by a supplier that is asked
 * again and again, and {@link dev.lamella.extender.tls.KeyMaterial}.
 */
package dev.lamella.extender.tls;
