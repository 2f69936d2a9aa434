package dev.lamella.extender.tls;

/**
 * A server's certificate, as PEM.
 *
 * @param certificateChain its certificate, and those between it and the authority
 * @param privateKey its key, PKCS#8
 * @param clientAuthorities who signs clients' certificates; null or empty if nobody
 */
public record KeyPem(String certificateChain, String privateKey, String clientAuthorities) {}
