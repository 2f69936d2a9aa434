package dev.lamella.extender.inspect;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** The terminal hands over each key as it is pressed, where there is a terminal and an stty. */
final class KeyMode implements AutoCloseable {

  private final Thread restore;

  private KeyMode(Thread restore) {
    this.restore = restore;
  }

  static KeyMode enter(Terminal terminal) {
    boolean here = terminal.in() == System.in && System.console() != null;
    if (!here || !stty("-icanon -echo min 1")) {
      return new KeyMode(null);
    }
    Thread restore = new Thread(() -> stty("icanon echo"), "restore terminal");
    Runtime.getRuntime().addShutdownHook(restore);
    return new KeyMode(restore);
  }

  private static boolean stty(String modes) {
    try {
      Process stty = new ProcessBuilder("sh", "-c", "stty " + modes + " </dev/tty").start();
      return stty.waitFor(2, TimeUnit.SECONDS) && stty.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    if (restore != null) {
      restore.run();
      Runtime.getRuntime().removeShutdownHook(restore);
    }
  }
}
