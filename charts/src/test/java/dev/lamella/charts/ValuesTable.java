package dev.lamella.charts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The table of values in docs/reference.md, made of values.yaml and its comments. */
final class ValuesTable {

  private static final Path FILE = Chart.DIRECTORY.resolve("values.yaml");
  private static final Pattern KEY = Pattern.compile("^( *)([A-Za-z0-9]+):(.*)$");

  private final JsonNode values = new YAMLMapper().readTree(FILE.toFile());
  private final List<String> rows = new ArrayList<>();
  private final List<String> path = new ArrayList<>();
  private final List<String> silent = new ArrayList<>();
  private int skippedBelow = Integer.MAX_VALUE;

  private ValuesTable() throws IOException {}

  /**
   * The rows in the file's order.
   *
   * @throws IllegalStateException naming the keys that no comment explains
   */
  static String of() throws IOException {
    ValuesTable table = new ValuesTable();
    List<String> comment = new ArrayList<>();
    for (String line : Files.readAllLines(FILE)) {
      if (line.strip().startsWith("#")) {
        comment.add(line.strip().substring(1).strip());
        continue;
      }
      table.key(line, String.join(" ", comment));
      comment.clear();
    }
    if (!table.silent.isEmpty()) {
      throw new IllegalStateException("values.yaml explains nothing of " + table.silent);
    }
    return "| value | default | |\n|---|---|---|\n" + String.join("\n", table.rows) + "\n";
  }

  private void key(String line, String comment) throws IOException {
    Matcher key = KEY.matcher(line);
    if (!key.matches()) {
      return;
    }
    int depth = key.group(1).length() / 2;
    if (depth >= skippedBelow) {
      return;
    }
    skippedBelow = Integer.MAX_VALUE;
    path.subList(depth, path.size()).clear();
    path.add(key.group(2));
    JsonNode value = values.at("/" + String.join("/", path));
    boolean group = key.group(3).isBlank() && value.isObject() && comment.isEmpty();
    if (group || key.group(3).isBlank() && depth == 0) {
      return;
    }
    skippedBelow = depth + 1;
    if (comment.isEmpty()) {
      silent.add(String.join(".", path));
    }
    String shown = new ObjectMapper().writeValueAsString(value).replace("|", "\\|");
    rows.add(
        "| `%s` | `%s` | %s |"
            .formatted(String.join(".", path), shown, comment.replace("|", "\\|")));
  }
}
