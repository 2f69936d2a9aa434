package dev.lamella.simulator.apiserver;

import java.time.Clock;
import java.util.Objects;

/**
 * How the server runs.
 *
 * @param port on the loopback interface; 0 takes a free one
 * @param faults what goes wrong
 * @param clock for creation and deletion times
 * @param seed for UIDs and generated names: the same requests in the same order get the same ones
 * @param history how many changes of each type a watch can go back, at least
 */
public record ApiServerOptions(int port, Faults faults, Clock clock, long seed, int history) {

  private static final int HISTORY = 4096;

  public ApiServerOptions {
    Objects.requireNonNull(faults, "faults");
    Objects.requireNonNull(clock, "clock");
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is not within 0..65535");
    }
    if (history < 1) {
      throw new IllegalArgumentException("history " + history + " is less than 1");
    }
  }

  /** Any port, no faults, the system's clock. */
  public static ApiServerOptions defaults() {
    return new ApiServerOptions(0, Faults.NONE, Clock.systemUTC(), System.nanoTime(), HISTORY);
  }

  public ApiServerOptions withPort(int wanted) {
    return new ApiServerOptions(wanted, faults, clock, seed, history);
  }

  public ApiServerOptions withFaults(Faults wanted) {
    return new ApiServerOptions(port, wanted, clock, seed, history);
  }

  public ApiServerOptions withClock(Clock wanted) {
    return new ApiServerOptions(port, faults, wanted, seed, history);
  }

  public ApiServerOptions withSeed(long wanted) {
    return new ApiServerOptions(port, faults, clock, wanted, history);
  }

  public ApiServerOptions withHistory(int wanted) {
    return new ApiServerOptions(port, faults, clock, seed, wanted);
  }
}
