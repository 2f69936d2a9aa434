/**
 * kube-scheduler's side of the wire: Go field names, explicit nulls. Source:
 * k8s.io/kube-scheduler/extender/v1.
 *
 * <p>Requests are read from the bytes as they came, one pass, without trees: of whole nodes only
 * names are kept, and the bytes are sent back. Field names of the requests are compared as Go's
 * decoder does, without regard to case; inside a pod or a node as Kubernetes does, exactly.
 */
package dev.lamella.extender.wire;
