package dev.lamella.simulator.apiserver;

import java.time.Duration;

/**
 * What goes wrong on the way to and from the server, for tests. Called on the thread that serves
 * the request, concurrently.
 */
public interface Faults {

  /** Nothing goes wrong. */
  Faults NONE = new Faults() {};

  /**
   * A request as it came in.
   *
   * @param method such as {@code POST}
   * @param path without the query
   * @param query as sent, empty if there is none
   * @param userAgent empty if there is none
   */
  record Call(String method, String path, String query, String userAgent) {}

  /** Before the request is carried out; if it fails here, nothing has happened. */
  default Fault before(Call call) {
    return Fault.NONE;
  }

  /** After the request was carried out, before it is answered; watches do not come here. */
  default Fault after(Call call) {
    return Fault.NONE;
  }

  /** What becomes of a watch that has begun. */
  enum WatchFate {
    /** It goes on. */
    GOES_ON,
    /** Nothing comes any more, and nobody says so. */
    HANGS,
    /** It ends with 410 Gone: the way back is forgotten. */
    EXPIRES
  }

  /** Asked before every event and, while there is none, a few times a second. */
  default WatchFate watch(Call call) {
    return WatchFate.GOES_ON;
  }

  /** How much later than it happened a watch hears of each change. */
  default Duration watchLag(Call call) {
    return Duration.ZERO;
  }
}
