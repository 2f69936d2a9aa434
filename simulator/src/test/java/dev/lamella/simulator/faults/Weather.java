package dev.lamella.simulator.faults;

import dev.lamella.simulator.apiserver.Fault;
import dev.lamella.simulator.apiserver.Faults;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Faults that a test switches on and off. They strike the extenders' requests alone. */
final class Weather implements Faults {

  private static final String AGENT = "lamella-scheduler-extender";

  /** One kind of trouble, of which there is so much left. */
  private record Trouble(
      boolean after, Predicate<Call> where, Fault fault, AtomicInteger left, AtomicInteger struck) {

    boolean strikes(Call call) {
      if (!where.test(call) || left.getAndUpdate(n -> Math.max(0, n - 1)) == 0) {
        return false;
      }
      struck.incrementAndGet();
      return true;
    }
  }

  private final List<Trouble> troubles = new CopyOnWriteArrayList<>();
  private volatile Predicate<Call> expires = call -> false;
  private volatile Predicate<Call> hangs = call -> false;

  /** Requests that these words describe, such as {@code POST /binding}; * is any method. */
  static Predicate<Call> of(String words) {
    String[] parts = words.split(" ");
    return call ->
        (parts[0].equals("*") || call.method().equals(parts[0]))
            && (parts.length == 1 || call.path().endsWith(parts[1]));
  }

  /** The next so many of these requests are not carried out. */
  AtomicInteger before(String words, Fault fault, int times) {
    return add(false, of(words), fault, times);
  }

  /** The next so many of these requests are carried out, and answered so. */
  AtomicInteger after(String words, Fault fault, int times) {
    return add(true, of(words), fault, times);
  }

  AtomicInteger add(boolean after, Predicate<Call> where, Fault fault, int times) {
    AtomicInteger struck = new AtomicInteger();
    troubles.add(new Trouble(after, where, fault, new AtomicInteger(times), struck));
    return struck;
  }

  void watchesExpire(Predicate<Call> which) {
    expires = which;
  }

  void watchesHang(Predicate<Call> which) {
    hangs = which;
  }

  void clear() {
    troubles.clear();
    expires = call -> false;
    hangs = call -> false;
  }

  private Fault fault(boolean after, Call call) {
    if (!call.userAgent().startsWith(AGENT) || call.userAgent().contains("fresh")) {
      return Fault.NONE;
    }
    return troubles.stream()
        .filter(trouble -> trouble.after() == after && trouble.strikes(call))
        .map(Trouble::fault)
        .findFirst()
        .orElse(Fault.NONE);
  }

  @Override
  public Fault before(Call call) {
    return fault(false, call);
  }

  @Override
  public Fault after(Call call) {
    return fault(true, call);
  }

  @Override
  public WatchFate watch(Call call) {
    if (!call.userAgent().startsWith(AGENT) || call.userAgent().contains("fresh")) {
      return WatchFate.GOES_ON;
    }
    if (hangs.test(call)) {
      return WatchFate.HANGS;
    }
    return expires.test(call) ? WatchFate.EXPIRES : WatchFate.GOES_ON;
  }
}
