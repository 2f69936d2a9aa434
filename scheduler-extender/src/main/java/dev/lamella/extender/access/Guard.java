package dev.lamella.extender.access;

import java.util.Optional;

/** Says who asks and what they may see. For any thread. */
public interface Guard {

  /**
   * Lets a request pass to a path of some kind, or not.
   *
   * @throws Denied if it may not
   */
  void admit(Access access, Credentials credentials) throws Denied;

  /**
   * Who asks; {@link Caller#ANYONE} where readers need no token.
   *
   * @return empty if the request shows nobody whom the API server knows
   * @throws Denied with 503 if the API server does not say
   */
  Optional<Caller> caller(Credentials credentials) throws Denied;

  /**
   * Whether somebody may {@code get} a pod.
   *
   * @throws Denied with 503 if the API server does not say
   */
  boolean mayGetPod(Caller caller, String namespace, String name) throws Denied;

  /**
   * Whether somebody may {@code list} a cluster-scoped resource, such as gpunodes of lamella.dev.
   *
   * @throws Denied with 503 if the API server does not say
   */
  boolean mayList(Caller caller, String group, String resource) throws Denied;

  /** A guard that lets everybody pass. */
  static Guard open() {
    return new Guard() {
      @Override
      public void admit(Access access, Credentials credentials) {}

      @Override
      public Optional<Caller> caller(Credentials credentials) {
        return Optional.of(Caller.ANYONE);
      }

      @Override
      public boolean mayGetPod(Caller caller, String namespace, String name) {
        return true;
      }

      @Override
      public boolean mayList(Caller caller, String group, String resource) {
        return true;
      }
    };
  }
}
