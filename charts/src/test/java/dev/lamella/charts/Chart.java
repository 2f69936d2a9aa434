package dev.lamella.charts;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The chart as it stands in the checkout, and the sets of values that are tried with it. */
final class Chart {

  static final Path ROOT = Path.of(System.getProperty("lamella.root", "..")).toAbsolutePath();
  static final Path DIRECTORY = ROOT.resolve("charts/lamella").normalize();

  /** Of Chart.yaml's kubeVersion, and the newest that the programs were tried with. */
  static final List<String> VERSIONS = List.of("v1.31.0", "v1.36.3");

  private Chart() {}

  /** Files with values, by name. */
  static List<Path> valueSets() throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve("charts/src/test/values"))) {
      return files.sorted().toList();
    }
  }

  static Path valueSet(String name) {
    return ROOT.resolve("charts/src/test/values").resolve(name + ".yaml");
  }

  /** What the chart makes of a set of values. */
  static Rendered render(Path values, String kubeVersion) {
    return Rendered.of(template(values).withKubeVersion(kubeVersion).call());
  }

  /** The same on the newest version, of a set by name. */
  static Rendered render(String valueSet) {
    return render(valueSet(valueSet), VERSIONS.get(VERSIONS.size() - 1));
  }

  /**
   * Fails as helm does.
   *
   * @param yaml values as text
   */
  static Rendered renderText(String yaml) throws IOException {
    Path values = Files.createTempFile("values", ".yaml");
    try {
      return render(Files.writeString(values, yaml), VERSIONS.get(0));
    } finally {
      Files.delete(values);
    }
  }

  static LintResult lint() {
    return new Helm(DIRECTORY).lint().strict().call();
  }

  /** What a chart in another folder makes of values. */
  static Rendered renderElsewhere(Path chart, Path values) {
    return Rendered.of(template(chart, values).withKubeVersion(VERSIONS.get(0)).call());
  }

  private static TemplateCommand template(Path values) {
    return template(DIRECTORY, values);
  }

  private static TemplateCommand template(Path chart, Path values) {
    return new Helm(chart)
        .template()
        .withName("lamella")
        .withNamespace("lamella-system")
        .withValuesFile(values);
  }
}
