/**
 * The API server: lists and watches as ledger events, binds as one write. Only the fields that
 * decide are read.
 */
package dev.lamella.extender.kube;
