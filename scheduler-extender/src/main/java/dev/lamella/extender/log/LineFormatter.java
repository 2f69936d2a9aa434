package dev.lamella.extender.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/**
 * One line a record: time, level, logger, message; a stack trace follows with its lines indented,
 * so that nothing that a client sent can pass for a record.
 */
public final class LineFormatter extends Formatter {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  @Override
  public String format(LogRecord entry) {
    String line =
        "%s level=%s logger=%s %s\n"
            .formatted(
                TIME.format(entry.getInstant()),
                entry.getLevel().getName(),
                entry.getLoggerName(),
                LogValue.line(formatMessage(entry)));
    return entry.getThrown() == null ? line : line + trace(entry.getThrown());
  }

  private static String trace(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    StringBuilder lines = new StringBuilder();
    text.toString().lines().forEach(l -> lines.append("  ").append(l).append('\n'));
    return lines.toString();
  }
}
