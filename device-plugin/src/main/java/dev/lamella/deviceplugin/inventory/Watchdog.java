package dev.lamella.deviceplugin.inventory;

import dev.lamella.deviceplugin.loop.Loop;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Notices calls of NVML that do not return. It cannot end them: the process must. */
final class Watchdog implements AutoCloseable {

  private record Call(String what, long since) {}

  private final Duration limit;
  private final Consumer<String> onHang;
  private final Map<Thread, Call> underWay = new ConcurrentHashMap<>();
  private final Loop loop;

  /**
   * @param limit how long a guarded piece of work may take
   * @param onHang told once for each check that finds one over the limit
   */
  Watchdog(Duration limit, Consumer<String> onHang) {
    this.limit = limit;
    this.onHang = onHang;
    this.loop = Loop.start("nvml-watchdog", this::check);
  }

  /** Runs something under the limit, on the calling thread. */
  <T> T guard(String what, Supplier<T> work) {
    underWay.put(Thread.currentThread(), new Call(what, System.nanoTime()));
    try {
      return work.get();
    } finally {
      underWay.remove(Thread.currentThread());
    }
  }

  private Duration check() {
    long now = System.nanoTime();
    for (Call call : underWay.values()) {
      if (now - call.since() > limit.toNanos()) {
        onHang.accept(
            "NVML hangs: %s has not ended within %d s".formatted(call.what(), limit.toSeconds()));
        return Duration.ofDays(1);
      }
    }
    return limit.dividedBy(4);
  }

  @Override
  public void close() {
    loop.close();
  }
}
