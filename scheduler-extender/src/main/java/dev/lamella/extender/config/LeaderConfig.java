package dev.lamella.extender.config;

/**
 * The key {@code leader}: which of several replicas decides.
 *
 * @param elect whether there are several at all (false)
 * @param lease name of the Lease in the pod's namespace (lamella-scheduler-extender)
 * @param leaseSeconds how long a leader that died keeps the others waiting (15); it binds for the
 *     first two thirds of it after each renewal
 */
public record LeaderConfig(Boolean elect, String lease, Integer leaseSeconds) {

  public static final LeaderConfig DEFAULTS = new LeaderConfig(null, null, null);

  /**
   * @throws IllegalArgumentException naming the key, its value and what would be right
   */
  public LeaderConfig {
    elect = elect != null && elect;
    lease = lease == null ? "lamella-scheduler-extender" : lease;
    leaseSeconds = Bounds.within("leader.leaseSeconds", leaseSeconds, 15, 3, 300);
    if (!lease.matches("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")) {
      throw new IllegalArgumentException(
          "leader.lease is " + lease + ", expected an object's name");
    }
  }

  LeaderConfig elected() {
    return new LeaderConfig(true, lease, leaseSeconds);
  }
}
