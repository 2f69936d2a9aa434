package dev.lamella.extender.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LogValueTest {

  @Test
  void plainValuesStandAsTheyAre() {
    assertThat(LogValue.of("team/serve-7c9d")).isEqualTo("team/serve-7c9d");
    assertThat(LogValue.of(17)).isEqualTo("17");
  }

  @Test
  void othersAreQuotedEscapedAndCut() {
    assertThat(LogValue.of("")).isEqualTo("\"\"");
    assertThat(LogValue.of(null)).isEqualTo("null");
    assertThat(LogValue.of("a b")).isEqualTo("\"a b\"");
    assertThat(LogValue.of("a=b")).isEqualTo("\"a=b\"");
    assertThat(LogValue.of("a\"b\\")).isEqualTo("\"a\\\"b\\\\\"");
    assertThat(LogValue.of("a\r\nlevel=INFO forged")).isEqualTo("\"a\\r\\nlevel=INFO forged\"");
    assertThat(LogValue.of("\u001b[2J\u202e\u2028")).isEqualTo("\"\\u001b[2J\\u202e\\u2028\"");
    assertThat(LogValue.of("x".repeat(5000))).hasSize(305).endsWith("...\"");
  }

  @Test
  void aRecordIsOneLineAndATraceIsIndented() {
    LogRecord entry = new LogRecord(Level.WARNING, "pod=a\n2026-11-22T00:00:00Z level=INFO forged");
    entry.setLoggerName("x");
    assertThat(new LineFormatter().format(entry))
        .hasLineCount(1)
        .contains("a\\n2026")
        .endsWith("\n");

    entry.setThrown(new IllegalStateException("bad\n2026-11-22T00:00:00Z level=INFO forged"));
    assertThat(new LineFormatter().format(entry).lines().skip(1)).allMatch(l -> l.startsWith("  "));
  }
}
