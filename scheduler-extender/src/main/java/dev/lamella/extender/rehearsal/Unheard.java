package dev.lamella.extender.rehearsal;

import dev.lamella.extender.log.LineFormatter;
import java.io.OutputStream;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.StreamHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A log whose lines are put together as those of the program, and then nobody gets them. */
final class Unheard implements AutoCloseable {

  private static final String NAME = "dev.lamella.extender.rehearsal.unheard";

  /** Held: the JDK forgets loggers, with what was set, that nobody holds. */
  private final java.util.logging.Logger sink = java.util.logging.Logger.getLogger(NAME);

  private final Handler nowhere =
      new StreamHandler(OutputStream.nullOutputStream(), new LineFormatter()) {
        @Override
        public synchronized void publish(LogRecord entry) {
          super.publish(entry);
          flush();
        }
      };

  Unheard() {
    sink.setUseParentHandlers(false);
    sink.addHandler(nowhere);
  }

  Logger logger() {
    return LoggerFactory.getLogger(NAME);
  }

  @Override
  public void close() {
    sink.removeHandler(nowhere);
    nowhere.close();
  }
}
