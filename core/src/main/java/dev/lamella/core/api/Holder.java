package dev.lamella.core.api;

/**
 * A pod that holds a slice.
 *
 * @param uid the pod's UID; null if the node has not yet seen the pod in the API
 * @param shares how many shares it holds; 0 if it holds the slice whole
 */
public record Holder(String uid, String namespace, String name, int shares) {}
