/**
 * kube-scheduler's side of the wire: Go field names, explicit nulls. Source:
 * k8s.io/kube-scheduler/extender/v1.
 */
package dev.lamella.extender.wire;
