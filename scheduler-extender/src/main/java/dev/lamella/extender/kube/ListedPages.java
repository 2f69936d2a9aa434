package dev.lamella.extender.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import okhttp3.HttpUrl;
import okhttp3.Response;

/**
 * A list as the API server gives it, in pages. Each object is handed on before the next is read: a
 * page of GpuNodes is 5 MiB of JSON, and several times that as a tree.
 */
final class ListedPages {

  private static final int PAGE = 500;

  private final KubeApi api;
  private final String path;

  /**
   * @param path such as {@code /api/v1/pods}
   */
  ListedPages(KubeApi api, String path) {
    this.api = api;
    this.path = path;
  }

  /** Receives the objects. */
  interface Sink {
    void take(JsonNode object) throws IOException;
  }

  /**
   * Where a page leads.
   *
   * @param version the list's resourceVersion
   * @param next asks for the next page; empty after the last
   */
  private record Page(String version, String next) {}

  /**
   * Reads all pages.
   *
   * @return the list's resourceVersion
   * @throws IOException if a page is refused or breaks off; what came before has been handed on
   */
  String read(Sink sink) throws IOException {
    Page page = new Page("0", "");
    do {
      page = page(url(page.next()), sink);
    } while (!page.next().isEmpty());
    return page.version();
  }

  private HttpUrl url(String next) {
    HttpUrl.Builder url =
        api.url(path).newBuilder().addQueryParameter("limit", Integer.toString(PAGE));
    return next.isEmpty() ? url.build() : url.addQueryParameter("continue", next).build();
  }

  private Page page(HttpUrl url, Sink sink) throws IOException {
    try (Response response = api.get(url)) {
      if (!response.isSuccessful()) {
        throw new IOException("GET " + path + ": " + response.code() + " " + response.message());
      }
      try (JsonParser parser = api.json().createParser(response.body().byteStream())) {
        return page(parser, sink);
      }
    }
  }

  private Page page(JsonParser parser, Sink sink) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new IOException("GET " + path + ": the answer is no list");
    }
    JsonNode metadata = api.json().createObjectNode();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      boolean array = parser.nextToken() == JsonToken.START_ARRAY;
      if (field.equals("metadata")) {
        metadata = parser.readValueAsTree();
      } else if (field.equals("items") && array) {
        items(parser, sink);
      } else {
        parser.skipChildren();
      }
    }
    return new Page(
        metadata.path("resourceVersion").asText("0"), metadata.path("continue").asText(""));
  }

  private static void items(JsonParser parser, Sink sink) throws IOException {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      sink.take(parser.readValueAsTree());
    }
  }
}
