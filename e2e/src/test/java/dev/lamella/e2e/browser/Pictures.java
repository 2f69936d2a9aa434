package dev.lamella.e2e.browser;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes the README's pictures of the demo: the terminal's between the marks in README.md, the map's
 * in docs/images. Run by docs/pictures.sh from the top of the checkout.
 */
final class Pictures {

  private static final Path README = Path.of("README.md");
  private static final Path IMAGES = Path.of("docs/images");
  private static final String BEGIN = "<!-- demo: made by docs/pictures.sh -->\n```\n";
  private static final String END = "```\n<!-- demo: end -->";

  private Pictures() {}

  public static void main(String[] args) throws Exception {
    try (RunningDemo demo = RunningDemo.start(Path.of("simulator/target/lib").toAbsolutePath());
        Chromium chromium = Chromium.start();
        Tab tab = new Tab(chromium)) {
      String text = Files.readString(README);
      int from = text.indexOf(BEGIN) + BEGIN.length();
      int to = text.indexOf(END);
      if (from < BEGIN.length() || to < from) {
        throw new IllegalStateException(README + " has no " + BEGIN.lines().findFirst().get());
      }
      Files.writeString(README, text.substring(0, from) + demo.shown() + text.substring(to));
      tab.look(1440, 900, false);
      tab.open(demo.map());
      tab.until("drawn", "document.querySelectorAll('button.slice').length >= 17");
      tab.until("pending", "document.querySelector('.pending')");
      tab.value(
          "document.querySelector('#ask-tenant').value = 'team-beta';"
              + "document.querySelector('#ask-resource').value = 'mig-1g.5gb.shared';"
              + "document.querySelector('#ask').requestSubmit()");
      tab.until("an answer", "document.querySelector('#answer .verdict')");
      tab.picture(IMAGES.resolve("map-light.png"));
      tab.look(1440, 900, true);
      tab.picture(IMAGES.resolve("map-dark.png"));
    }
    System.out.println("made " + README + ", " + IMAGES + "/map-light.png, map-dark.png");
  }
}
