/**
 * A self-made certificate authority and what it signs, kept in a Secret that all replicas share.
 *
 * <p>Entry point: {@link dev.lamella.extender.certificates.CertificateKeeper}.
 */
package dev.lamella.extender.certificates;
