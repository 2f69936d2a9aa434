package dev.lamella.extender.explain;

import dev.lamella.core.spelling.Spelling;
import dev.lamella.extender.http.Exchange;
import java.util.List;
import java.util.Optional;

/** The query of a request, read strictly. */
record Asked(Exchange exchange) {

  private static final int MOST = 100_000;

  /**
   * @throws IllegalArgumentException naming a parameter that is not among these
   */
  static Asked of(Exchange exchange, List<String> known) {
    for (String name : exchange.parameters()) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "unknown parameter %s, did you mean %s?"
                .formatted(name, Spelling.nearest(name, known)));
      }
    }
    return new Asked(exchange);
  }

  /** Whether JSON is wanted: {@code output=json}, or else by Accept. */
  boolean json() {
    Optional<String> output = exchange.parameter("output");
    if (output.isPresent() && !List.of("json", "text").contains(output.get())) {
      throw new IllegalArgumentException("output is " + output.get() + ", expected json or text");
    }
    return output
        .map("json"::equals)
        .orElseGet(() -> exchange.header("Accept").orElse("").contains("application/json"));
  }

  /** How many nodes of each group to show: {@code all}, or {@code limit}. */
  int limit(int unset) {
    boolean all = exchange.parameter("all").filter(value -> !value.equals("false")).isPresent();
    return all ? Integer.MAX_VALUE : number("limit", unset, 0, MOST);
  }

  /** What a parameter says that must be there. */
  String needed(String name) {
    return exchange
        .parameter(name)
        .filter(value -> !value.isEmpty())
        .orElseThrow(() -> new IllegalArgumentException("parameter " + name + " is needed"));
  }

  int number(String name, int unset, int least, int most) {
    String text = exchange.parameter(name).orElse(Integer.toString(unset));
    try {
      int value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "%s is %s, expected a number of %d to %d".formatted(name, text, least, most));
  }
}
