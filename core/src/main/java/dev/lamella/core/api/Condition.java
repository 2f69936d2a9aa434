package dev.lamella.core.api;

/**
 * A condition in a status, as Kubernetes writes them.
 *
 * @param status {@code True}, {@code False} or {@code Unknown}
 * @param reason one CamelCase word
 * @param lastTransitionTime RFC 3339, in UTC
 */
public record Condition(
    String type, String status, String reason, String message, String lastTransitionTime) {}
