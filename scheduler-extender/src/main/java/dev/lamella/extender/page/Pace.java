package dev.lamella.extender.page;

/**
 * How fast events go.
 *
 * @param listeners most that listen at once
 * @param everyMillis how long frames are apart at least
 * @param heartbeatMillis after which silence something is sent
 * @param slowMillis how long one event may be on its way
 * @param listenMillis after which a listener has to ask again, with its rights of then
 */
record Pace(
    int listeners, long everyMillis, long heartbeatMillis, long slowMillis, long listenMillis) {

  private static final long EVERY = 500;
  private static final long HEARTBEAT = 15_000;
  private static final long SLOW = 20_000;

  static Pace of(int listeners, int listenSeconds) {
    return new Pace(listeners, EVERY, HEARTBEAT, SLOW, listenSeconds * 1_000L);
  }
}
