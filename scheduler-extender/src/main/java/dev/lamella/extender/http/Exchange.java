package dev.lamella.extender.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** One request and its answer, whole in memory: kube-scheduler reuses a connection only then. */
record Exchange(Request request, Response response, Callback callback) {

  /** A request that is refused with a status of its own. */
  static final class Refused extends IOException {

    private static final long serialVersionUID = 1;
    private final int status;

    Refused(int status, String message) {
      super(message);
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  /**
   * The body.
   *
   * @throws Refused if it is longer than so many bytes
   */
  byte[] body(int most) throws IOException {
    if (request.getLength() > most) {
      throw tooLong(most);
    }
    byte[] body = Content.Source.asInputStream(request).readNBytes(most + 1);
    if (body.length > most) {
      throw tooLong(most);
    }
    return body;
  }

  private static Refused tooLong(int most) {
    return new Refused(413, "the body is longer than " + most + " bytes (maxBodyMiB)");
  }

  void answer(int status, String type, byte[] body) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
  }

  /** Says no and ends the connection: the rest of the body may still be on its way. */
  void refuse(Refused refused) {
    response.getHeaders().put(HttpHeader.CONNECTION, "close");
    text(refused.status(), refused.getMessage());
  }

  void text(int status, String text) {
    answer(status, "text/plain; charset=utf-8", (text + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
