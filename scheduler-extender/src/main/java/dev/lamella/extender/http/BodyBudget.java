package dev.lamella.extender.http;

import java.util.concurrent.atomic.AtomicLong;

/** How much memory the bodies of all requests may take together. */
final class BodyBudget {

  private final long most;
  private final AtomicLong taken = new AtomicLong();

  BodyBudget(long most) {
    this.most = most;
  }

  /** Whether so many bytes more could be had; then they are taken. */
  boolean take(long bytes) {
    long now = taken.addAndGet(bytes);
    if (now > most) {
      taken.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  void giveBack(long bytes) {
    taken.addAndGet(-bytes);
  }

  long taken() {
    return taken.get();
  }
}
