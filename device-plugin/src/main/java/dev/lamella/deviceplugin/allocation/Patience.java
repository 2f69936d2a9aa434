package dev.lamella.deviceplugin.allocation;

import java.time.Duration;

/**
 * How long the book waits for news before it answers without.
 *
 * @param forAssignment for the pod watch to bring the assignment that a request is for
 * @param forRelease for a slice held in the other mode to be reported free: its pod has ended and
 *     the next reading of pod-resources will say so
 * @param unconfirmed how long a device that was handed out counts as held although no reading shows
 *     it: its pod may have failed elsewhere on its way in
 * @param noted the same if the pod that it seemed to be for has ended. That was a guess, and the
 *     pod that got it lives on; the kubelet only has to have noted what it took
 */
public record Patience(
    Duration forAssignment, Duration forRelease, Duration unconfirmed, Duration noted) {

  /** With an API server and pod-resources that will bring news. */
  public static final Patience WITH_NEWS =
      new Patience(
          Duration.ofSeconds(2),
          Duration.ofMillis(500),
          Duration.ofSeconds(5),
          Duration.ofSeconds(1));

  /** Standalone: no pod watch, so no assignment to wait for. */
  public static final Patience STANDALONE =
      new Patience(
          Duration.ZERO, Duration.ofMillis(500), Duration.ofSeconds(5), Duration.ofSeconds(1));
}
