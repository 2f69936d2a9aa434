package dev.lamella.simulator.trace.openb;

import dev.lamella.simulator.trace.experiment.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A table of plain comma-separated values (no quotes) whose first line names the columns. */
final class CsvFile {

  private CsvFile() {}

  static <T> List<T> read(Path file, Function<Row, T> parse) {
    List<String> lines = lines(file);
    Map<String, Integer> columns = new HashMap<>();
    if (!lines.isEmpty()) {
      for (String column : lines.get(0).split(",", -1)) {
        columns.put(column.trim(), columns.size());
      }
    }
    List<T> rows = new ArrayList<>();
    for (int line = 1; line < lines.size(); line++) {
      String where = file + " line " + (line + 1);
      Row row = new Row(where, columns, lines.get(line).split(",", -1));
      try {
        rows.add(parse.apply(row));
      } catch (IllegalArgumentException e) {
        throw new InvalidInputException(where + ": " + e.getMessage(), e);
      }
    }
    if (rows.isEmpty()) {
      throw new InvalidInputException(file + " has no rows");
    }
    return rows;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new InvalidInputException(
          file + " cannot be read; --data names the folder with the openb files", e);
    }
  }

  /** One line. */
  record Row(String where, Map<String, Integer> columns, String[] values) {

    String text(String column) {
      Integer index = columns.get(column);
      if (index == null || index >= values.length) {
        throw new InvalidInputException(where + " has no column " + column);
      }
      return values[index].trim();
    }

    int number(String column) {
      String text = text(column);
      try {
        return Integer.parseInt(text);
      } catch (NumberFormatException e) {
        throw new InvalidInputException(
            "%s: %s is '%s', not a whole number".formatted(where, column, text), e);
      }
    }
  }
}
