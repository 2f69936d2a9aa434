package dev.lamella.deviceplugin.api;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import okhttp3.Interceptor;
import okhttp3.Response;

/** Puts an Authorization header on every request; it is asked for anew once a minute. */
final class Credential implements Interceptor {

  private static final long RENEW_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Source source;
  private String header;
  private long read;

  /** Where the header's value comes from: a file that is renewed, or a program. */
  @FunctionalInterface
  interface Source {

    /**
     * @return null for no header
     */
    String header() throws IOException;
  }

  /**
   * @throws IOException if there is none to start with
   */
  Credential(Source source) throws IOException {
    this.source = source;
    this.header = source.header();
    this.read = System.nanoTime();
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    String now = current();
    return chain.proceed(
        now == null
            ? chain.request()
            : chain.request().newBuilder().header("Authorization", now).build());
  }

  private synchronized String current() throws IOException {
    if (System.nanoTime() - read > RENEW_NANOS) {
      header = source.header();
      read = System.nanoTime();
    }
    return header;
  }
}
