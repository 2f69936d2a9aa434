package dev.lamella.extender.leader;

import java.util.Optional;

/**
 * One of the replicas.
 *
 * @param namespace of its pod, where the lease is too
 * @param pod its name; empty if it runs in none
 * @param identity what it writes into the lease: the pod's name and something new at each start
 */
record Replica(String namespace, String pod, String identity) {

  private static final String SEPARATOR = "_";

  static Replica of(String namespace, String pod, String unique) {
    return new Replica(namespace, pod, (pod.isEmpty() ? "lamella" : pod) + SEPARATOR + unique);
  }

  /** Another replica, from what it wrote into the lease; empty for none, or for the same pod. */
  static Optional<Replica> of(String identity, Replica self) {
    int end = identity.lastIndexOf(SEPARATOR);
    if (end <= 0 || identity.substring(0, end).equals(self.pod()) || self.pod().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Replica(self.namespace(), identity.substring(0, end), identity));
  }
}
