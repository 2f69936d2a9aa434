package dev.lamella.extender.http;

import java.io.IOException;

/** One path of the service and what answers it. */
public interface Endpoint {

  /** The path, such as {@code /filter}; one that ends in a slash stands for all below it. */
  String path();

  /**
   * Answers.
   *
   * @throws Exchange.Refused to answer a status of its own
   * @throws IllegalArgumentException if the request is wrong: answered with 400
   */
  void answer(Exchange exchange) throws IOException;

  /** An endpoint of a path and a function. */
  static Endpoint of(String path, Answering answering) {
    return new Endpoint() {
      @Override
      public String path() {
        return path;
      }

      @Override
      public void answer(Exchange exchange) throws IOException {
        answering.answer(exchange);
      }
    };
  }

  /** What answers. */
  @FunctionalInterface
  interface Answering {
    void answer(Exchange exchange) throws IOException;
  }
}
