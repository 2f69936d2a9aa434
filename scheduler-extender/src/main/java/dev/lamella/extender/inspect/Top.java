package dev.lamella.extender.inspect;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Draws again and again, until q is pressed. */
final class Top {

  private static final String HOME = "\u001b[H";
  private static final String CLEAR_LINE = "\u001b[K";
  private static final String CLEAR_BELOW = "\u001b[J";

  private final Supplier<List<String>> frames;
  private final Terminal terminal;
  private final Duration interval;
  private final BlockingQueue<Integer> keys = new LinkedBlockingQueue<>();

  Top(Supplier<List<String>> frames, Terminal terminal, Duration interval) {
    this.frames = frames;
    this.terminal = terminal;
    this.interval = interval;
  }

  /**
   * @param count how often to draw; 0 until q is pressed
   * @return the exit code
   */
  int run(int count) {
    KeyMode mode = KeyMode.enter(terminal);
    try {
      listen();
      terminal.out().print(HOME + CLEAR_BELOW);
      for (int drawn = 1; ; drawn++) {
        draw(frames.get());
        if (drawn == count || quitWithin(interval)) {
          return 0;
        }
      }
    } finally {
      mode.close();
    }
  }

  /** Over what stands there, line by line: the screen does not flicker. */
  private void draw(List<String> lines) {
    StringBuilder text = new StringBuilder(HOME);
    lines.forEach(line -> text.append(line).append(CLEAR_LINE).append('\n'));
    terminal.out().print(text.append(CLEAR_BELOW));
    terminal.out().flush();
  }

  private void listen() {
    Thread thread =
        new Thread(
            () -> {
              try {
                for (int key = terminal.in().read(); key >= 0; key = terminal.in().read()) {
                  keys.add(key);
                }
              } catch (IOException e) {
                // Without a keyboard ctrl-c still ends it.
              }
            },
            "keys");
    thread.setDaemon(true);
    thread.start();
  }

  private boolean quitWithin(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    try {
      for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
        Integer key = keys.poll(left, TimeUnit.NANOSECONDS);
        if (key != null && (key == 'q' || key == 'Q')) {
          return true;
        }
      }
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
