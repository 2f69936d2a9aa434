package dev.lamella.deviceplugin.report;

import dev.lamella.deviceplugin.loop.Backoff;
import dev.lamella.deviceplugin.loop.Loop;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the node's report when it has changed, at most ten times a second, and once a minute
 * anyway, in case somebody else took it away.
 */
public final class Publisher implements AutoCloseable {

  /** Where reports go. */
  @FunctionalInterface
  public interface Sink {
    void write(Report report) throws IOException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);
  private static final Duration APART = Duration.ofMillis(100);
  private static final Duration ANYWAY = Duration.ofMinutes(1);

  private final Supplier<Report> report;
  private final Sink sink;
  private final Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));
  private final Loop loop;
  private Report written;
  private long writtenAt;
  private String trouble = "";

  private Publisher(Supplier<Report> report, Sink sink) {
    this.report = report;
    this.sink = sink;
    this.loop = Loop.start("report", this::step);
  }

  /** Starts with a report of what is known now. */
  public static Publisher start(Supplier<Report> report, Sink sink) {
    return new Publisher(report, sink);
  }

  /** Something may have changed. */
  public void changed() {
    loop.ask();
  }

  private Duration step() throws InterruptedException {
    Report now = report.get();
    boolean due = System.nanoTime() - writtenAt > ANYWAY.toNanos();
    if (now.equals(written) && !due) {
      return ANYWAY;
    }
    try {
      sink.write(now);
    } catch (IOException e) {
      say(e.toString());
      return backoff.failed();
    }
    say("");
    written = now;
    writtenAt = System.nanoTime();
    backoff.worked();
    Thread.sleep(APART.toMillis());
    return ANYWAY;
  }

  /** Said once for each change, not for each try. */
  private void say(String now) {
    if (!now.isEmpty() && trouble.isEmpty()) {
      LOG.warn("the node's report cannot be written, it is tried on: {}", now);
    } else if (now.isEmpty() && !trouble.isEmpty()) {
      LOG.info("the node's report is written again");
    }
    trouble = now;
  }

  /**
   * Ends the thread, then writes a last report, in a time that is bounded: a daemon that stops must
   * not wait for an API server that is gone.
   */
  public void finish(Duration limit) {
    loop.close();
    Thread last = new Thread(this::writeLast, "last-report");
    last.setDaemon(true);
    last.start();
    try {
      last.join(limit.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (last.isAlive()) {
      LOG.warn("the last report was not written within {} ms", limit.toMillis());
    }
  }

  private void writeLast() {
    try {
      sink.write(report.get());
    } catch (IOException e) {
      LOG.warn("the last report was not written: {}", e.toString());
    }
  }

  @Override
  public void close() {
    loop.close();
  }
}
