package dev.lamella.extender.http;

import dev.lamella.extender.access.Credentials;
import dev.lamella.extender.wire.Body;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * One request and its answer, whole in memory: kube-scheduler reuses a connection only then. It is
 * answered once; whoever comes second, after a time limit for instance, is not heard.
 */
public final class Exchange implements Credentials {

  private static final String TEXT = "text/plain; charset=utf-8";
  private static final int LONGEST_TEXT = 1000;
  private static final int WRITTEN_AT_ONCE = 64 << 10;

  private final Request request;
  private final Response response;
  private final Callback callback;
  private final AtomicBoolean answered = new AtomicBoolean();
  private volatile Body body = Body.of(new byte[0]);

  Exchange(Request request, Response response, Callback callback) {
    this.request = request;
    this.response = response;
    this.callback = callback;
  }

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

  public Request request() {
    return request;
  }

  public Response response() {
    return response;
  }

  /**
   * Insists on a method.
   *
   * @throws Refused if the request has another one
   */
  public void require(String method) throws Refused {
    if (!method.equals(request.getMethod())) {
      response.getHeaders().put(HttpHeader.ALLOW, method);
      throw new Refused(405, path() + " takes " + method);
    }
  }

  /**
   * Insists on JSON, plainly encoded, where the request says what it is.
   *
   * @throws Refused if it says that it is something else
   */
  public void requireJson() throws Refused {
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    String encoding = request.getHeaders().get(HttpHeader.CONTENT_ENCODING);
    String bare = type == null ? "" : type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
    if (!bare.isEmpty() && !bare.equals("application/json")) {
      throw new Refused(415, path() + " takes application/json");
    }
    if (encoding != null && !encoding.trim().equalsIgnoreCase("identity")) {
      throw new Refused(415, path() + " takes bodies that are not compressed");
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
    if (body.length() > most) {
      throw new Refused(413, "the body is longer than " + most + " bytes");
    }
    return body.length() == body.bytes().length
        ? body.bytes()
        : Arrays.copyOf(body.bytes(), body.length());
  }

  Body body() {
    return body;
  }

  void received(Body whole) {
    body = whole;
  }

  @Override
  public Optional<String> bearerToken() {
    String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    return Optional.ofNullable(header)
        .filter(text -> text.regionMatches(true, 0, "Bearer ", 0, 7))
        .map(text -> text.substring(7).trim())
        .filter(token -> !token.isEmpty());
  }

  @Override
  public List<String> certificateNames() {
    return ClientCertificates.names(request);
  }

  @Override
  public boolean certified() {
    return ClientCertificates.of(request).isPresent();
  }

  /** Whether it has been answered. */
  boolean over() {
    return answered.get();
  }

  /** Answers with a body. */
  public void answer(int status, String type, byte[] content) {
    if (answered.compareAndSet(false, true)) {
      write(status, type, content);
    }
  }

  private void write(int status, String type, byte[] content) {
    head(status, type, content.length);
    response.write(true, ByteBuffer.wrap(content), callback);
  }

  /**
   * Answers with a body in parts, of which none is copied.
   *
   * @throws IOException if the client goes away meanwhile
   */
  public void answer(int status, String type, List<ByteBuffer> parts) throws IOException {
    if (!answered.compareAndSet(false, true)) {
      return;
    }
    head(status, type, parts.stream().mapToLong(ByteBuffer::remaining).sum());
    try (OutputStream out =
        new BufferedOutputStream(Content.Sink.asOutputStream(response), WRITTEN_AT_ONCE)) {
      for (ByteBuffer part : parts) {
        out.write(part.array(), part.arrayOffset() + part.position(), part.remaining());
      }
    } catch (IOException | RuntimeException e) {
      callback.failed(e);
      return;
    }
    callback.succeeded();
  }

  private void head(int status, String type, long length) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, length);
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
  }

  /** Adds a header to the answer, which is yet to be given. */
  public Exchange with(String name, String value) {
    response.getHeaders().put(name, value);
    return this;
  }

  /**
   * Begins an answer of which nobody knows how long it gets.
   *
   * @throws Refused if it has been answered meanwhile
   */
  public Outflow flow(String type) throws Refused {
    if (!answered.compareAndSet(false, true)) {
      throw new Refused(503, "too late");
    }
    response.setStatus(200);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    return new Outflow(response, callback);
  }

  /** Says no and ends the connection: the rest of the body may still be on its way. */
  void refuse(Refused refused) {
    if (!answered.compareAndSet(false, true)) {
      return;
    }
    if (refused.status() == 503) {
      response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
    }
    if (refused.status() == 401) {
      response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
    }
    response.getHeaders().put(HttpHeader.CONNECTION, "close");
    write(refused.status(), TEXT, line(refused.getMessage()));
  }

  /** Answers with a line of text. */
  public void text(int status, String text) {
    answer(status, TEXT, line(text));
  }

  private static byte[] line(String text) {
    String line = text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) + "..." : text;
    return (line + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
