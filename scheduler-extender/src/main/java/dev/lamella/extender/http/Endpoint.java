package dev.lamella.extender.http;

import dev.lamella.extender.access.Access;
import java.io.IOException;

/** One path of the service and what answers it. */
public interface Endpoint {

  /** The path, such as {@code /filter}; one that ends in a slash stands for all below it. */
  String path();

  /** What kind of caller it is for. */
  default Access access() {
    return Access.READER;
  }

  /**
   * Answers.
   *
   * @throws Exchange.Refused to answer a status of its own
   * @throws dev.lamella.extender.access.Denied if the caller may not have the answer
   * @throws IllegalArgumentException if the request is wrong: answered with 400
   */
  void answer(Exchange exchange) throws IOException;

  /** An endpoint of a path and a function, for readers. */
  static Endpoint of(String path, Answering answering) {
    return of(path, Access.READER, answering);
  }

  /** An endpoint of a path and a function. */
  static Endpoint of(String path, Access access, Answering answering) {
    return new Endpoint() {
      @Override
      public String path() {
        return path;
      }

      @Override
      public Access access() {
        return access;
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
