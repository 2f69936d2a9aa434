package dev.lamella.extender.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** What Jetty itself refuses (headers too large, no HTTP at all), as a line of text. */
final class PlainErrors extends ErrorHandler {

  private final ServerMetrics metrics;

  PlainErrors(ServerMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    metrics.refused(status);
    String text =
        switch (status) {
          case 431 -> "the headers are too large (limits.maxHeaderKiB)";
          case 503 -> "the extender is stopping";
          default -> HttpStatus.getMessage(status);
        };
    if (status == 503) {
      response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
    }
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
    byte[] line = (text + "\n").getBytes(StandardCharsets.UTF_8);
    response.write(true, ByteBuffer.wrap(line), callback);
    return true;
  }
}
