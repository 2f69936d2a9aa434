package dev.lamella.extender.kube;

/** The part of a namespace that is read. */
public record NamespaceJson(Meta metadata) {}
