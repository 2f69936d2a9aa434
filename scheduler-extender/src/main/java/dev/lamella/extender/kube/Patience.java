package dev.lamella.extender.kube;

import java.io.IOException;
import java.io.InterruptedIOException;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Waits as long as an overloaded API server asks for ({@code Retry-After}), a few times. A POST is
 * answered at once: a bind has a deadline, and to an eviction 429 is a disruption budget's no.
 */
final class Patience implements Interceptor {

  private static final int TOO_MANY = 429;
  private static final int TIMES = 3;
  private static final long LONGEST_SECONDS = 3;

  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    Response response = chain.proceed(request);
    for (int i = 0; i < TIMES && waits(request, response); i++) {
      long seconds = seconds(response);
      response.close();
      try {
        Thread.sleep(1_000 * seconds);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while the API server is overloaded");
      }
      response = chain.proceed(request);
    }
    return response;
  }

  private static boolean waits(Request request, Response response) {
    return response.code() == TOO_MANY
        && !request.method().equals("POST")
        && seconds(response) >= 0
        && seconds(response) <= LONGEST_SECONDS;
  }

  /** -1 if the server does not say, or says a date. */
  private static long seconds(Response response) {
    String text = response.header("Retry-After", "");
    return text.matches("\\d{1,6}") ? Long.parseLong(text) : -1;
  }
}
