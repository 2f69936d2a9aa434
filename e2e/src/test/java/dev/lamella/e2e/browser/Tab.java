package dev.lamella.e2e.browser;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The browser's page, as somebody with a keyboard sees it. */
final class Tab implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 60;

  private final DevTools tools;
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<String> shown = new CopyOnWriteArrayList<>();

  Tab(Chromium chromium) throws IOException, InterruptedException {
    tools = new DevTools(chromium.page(), this::event);
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      tools.send(domain + ".enable");
    }
  }

  private void event(String name, JsonNode what) {
    switch (name) {
      case "Runtime.exceptionThrown" -> complaints.add(what.toString());
      case "Log.entryAdded" -> {
        if (!what.at("/entry/level").asText().equals("verbose")) {
          complaints.add(what.path("entry").toString());
        }
      }
      case "Runtime.consoleAPICalled" -> {
        if (List.of("error", "warning", "assert").contains(what.path("type").asText())) {
          complaints.add(what.toString());
        }
      }
      case "Network.requestWillBeSent" -> {
        requests.add(what.at("/request/url").asText());
        shown.add(
            what.at("/request/url").asText()
                + " "
                + what.at("/request/headers/Authorization").asText("-"));
      }
      default -> {}
    }
  }

  /** Errors and warnings of the console, and exceptions that nobody caught. */
  List<String> complaints() {
    return complaints;
  }

  /** Every address that was asked for. */
  List<String> requests() {
    return requests;
  }

  /** Every address that was asked for, and the Authorization that was sent along, or a dash. */
  List<String> shown() {
    return shown;
  }

  void open(URI page) throws IOException, InterruptedException {
    tools.send("Page.navigate", "url", page.toString());
  }

  /** Of so many CSS pixels, in dark or light. */
  void look(int width, int height, boolean dark) throws IOException, InterruptedException {
    tools.send(
        "Emulation.setDeviceMetricsOverride",
        "width",
        width,
        "height",
        height,
        "deviceScaleFactor",
        1,
        "mobile",
        false);
    tools.send(
        "Emulation.setEmulatedMedia",
        "features",
        List.of(
            Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"),
            Map.of("name", "prefers-reduced-motion", "value", "reduce")));
  }

  /** The value of an expression. */
  JsonNode value(String expression) throws IOException, InterruptedException {
    JsonNode found =
        tools.send(
            "Runtime.evaluate",
            "expression",
            expression,
            "returnByValue",
            true,
            "awaitPromise",
            true);
    if (found.has("exceptionDetails")) {
      throw new IllegalStateException(expression + ": " + found.path("exceptionDetails"));
    }
    return found.at("/result/value");
  }

  /** The text of the first element of a selector, as it is shown; empty if there is none. */
  String text(String selector) throws IOException, InterruptedException {
    return value("document.querySelector(`%s`)?.innerText ?? ''".formatted(selector)).asText();
  }

  /** Waits until an expression is true. */
  void until(String what, String expression) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!value("Boolean(" + expression + ")").asBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "%s: not within %d s: %s; complaints %s; the page says:%n%s"
                .formatted(what, PATIENCE_SECONDS, expression, complaints, text("body")));
      }
      Thread.sleep(50);
    }
  }

  /** Keys by their names, such as Tab, Enter, ArrowDown. */
  void press(String... keys) throws IOException, InterruptedException {
    for (String key : keys) {
      int code =
          switch (key) {
            case "Tab" -> 9;
            case "Enter" -> 13;
            case "Escape" -> 27;
            case "End" -> 35;
            case "Home" -> 36;
            case "ArrowLeft" -> 37;
            case "ArrowUp" -> 38;
            case "ArrowRight" -> 39;
            case "ArrowDown" -> 40;
            default -> throw new IllegalArgumentException(key);
          };
      String text = key.equals("Enter") ? "\r" : "";
      for (String type : List.of(text.isEmpty() ? "rawKeyDown" : "keyDown", "keyUp")) {
        tools.send(
            "Input.dispatchKeyEvent",
            "type",
            type,
            "key",
            key,
            "code",
            key,
            "text",
            type.equals("keyDown") ? text : "",
            "windowsVirtualKeyCode",
            code);
      }
    }
  }

  void type(String text) throws IOException, InterruptedException {
    tools.send("Input.insertText", "text", text);
  }

  /** What is on the screen. */
  void picture(Path file) throws IOException, InterruptedException {
    Files.createDirectories(file.getParent());
    JsonNode found = tools.send("Page.captureScreenshot", "format", "png");
    Files.write(file, Base64.getDecoder().decode(found.path("data").asText()));
  }

  @Override
  public void close() {
    tools.close();
  }
}
