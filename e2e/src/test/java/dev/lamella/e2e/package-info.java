/**
 * Lamella's two programs on upstream's own binaries: etcd, kube-apiserver, controllers, scheduler
 * and whole kubelets, on loopback. {@link dev.lamella.e2e.ClusterExtension} gives a test class the
 * {@link dev.lamella.e2e.Cluster} that all of them share.
 */
package dev.lamella.e2e;
