package dev.lamella.extender.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * One request and its answer. Answers are whole in memory, since kube-scheduler reuses a connection
 * only then; those that go on are {@link #flow}.
 */
public record Exchange(Request request, Response response, Callback callback) {

  private static final long PASSED_OVER_AT_MOST = 256L << 20;

  /** A request that is refused with a status of its own. */
  public static final class Refused extends IOException {

    private static final long serialVersionUID = 1;
    private final int status;

    public Refused(int status, String message) {
      super(message);
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  /**
   * Insists on a method.
   *
   * @throws Refused if the request has another one
   */
  public void require(String method) throws Refused {
    if (!method.equals(request.getMethod())) {
      throw new Refused(405, Request.getPathInContext(request) + " takes " + method);
    }
  }

  /** The path, decoded. */
  public String path() {
    return Request.getPathInContext(request);
  }

  /** What a parameter of the query says, the empty text if it says nothing; or nothing. */
  public Optional<String> parameter(String name) {
    return Optional.ofNullable(Request.extractQueryParameters(request).getValue(name));
  }

  /** The names of the query's parameters. */
  public Set<String> parameters() {
    return Request.extractQueryParameters(request).getNames();
  }

  /** A header, if it was sent. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(request.getHeaders().get(name));
  }

  /**
   * The body.
   *
   * @throws Refused if it is longer than so many bytes
   */
  public byte[] body(int most) throws IOException {
    InputStream content = Content.Source.asInputStream(request);
    byte[] body = request.getLength() > most ? new byte[0] : content.readNBytes(most + 1);
    if (request.getLength() > most || body.length > most) {
      passOver(content);
      throw new Refused(413, "the body is longer than " + most + " bytes (maxBodyMiB)");
    }
    return body;
  }

  /** Reads on, so that a client that is still sending gets to hear the answer; not for ever. */
  private static void passOver(InputStream content) throws IOException {
    byte[] piece = new byte[8192];
    int read = content.read(piece);
    for (long left = PASSED_OVER_AT_MOST; read >= 0 && left > 0; left -= read) {
      read = content.read(piece);
    }
  }

  /** Answers with a body. */
  public void answer(int status, String type, byte[] body) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
  }

  /** Adds a header to the answer, which is yet to be given. */
  public Exchange with(String name, String value) {
    response.getHeaders().put(name, value);
    return this;
  }

  /** Begins an answer of which nobody knows how long it gets. */
  public Outflow flow(String type) {
    response.setStatus(200);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    return new Outflow(response, callback);
  }

  /** Says no and ends the connection: the rest of the body may still be on its way. */
  void refuse(Refused refused) {
    response.getHeaders().put(HttpHeader.CONNECTION, "close");
    text(refused.status(), refused.getMessage());
  }

  /** Answers with a line of text. */
  public void text(int status, String text) {
    answer(status, "text/plain; charset=utf-8", (text + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
