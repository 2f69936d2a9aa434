package dev.lamella.core.amount;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Kubernetes quantities as text, such as 4, 250m, 20Gi or 1.5G. */
public final class Quantity {

  private static final Pattern FORM = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)([A-Za-z]{0,2})");
  private static final Map<String, BigDecimal> SUFFIXES =
      Map.ofEntries(
          Map.entry("m", new BigDecimal("0.001")),
          Map.entry("", BigDecimal.ONE),
          Map.entry("k", BigDecimal.TEN.pow(3)),
          Map.entry("M", BigDecimal.TEN.pow(6)),
          Map.entry("G", BigDecimal.TEN.pow(9)),
          Map.entry("T", BigDecimal.TEN.pow(12)),
          Map.entry("P", BigDecimal.TEN.pow(15)),
          Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
          Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
          Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
          Map.entry("Ti", BigDecimal.valueOf(1L << 40)),
          Map.entry("Pi", BigDecimal.valueOf(1L << 50)));
  private static final BigDecimal BYTES_PER_MIB = BigDecimal.valueOf(1L << 20);

  private Quantity() {}

  /**
   * Reads compute slices as parts of one.
   *
   * @throws IllegalArgumentException if it is no quantity of at least 0
   */
  public static long computeParts(String text) {
    return parts(value(text));
  }

  /**
   * Reads bytes as parts of a MiB. A bound that is no whole number of parts (a part is a seventieth
   * of a byte) is lowered to one, which admits exactly the same amounts.
   *
   * @throws IllegalArgumentException if it is no quantity of at least 0
   */
  public static long memoryParts(String text) {
    return parts(value(text).divide(BYTES_PER_MIB, 30, RoundingMode.DOWN));
  }

  private static long parts(BigDecimal wholes) {
    try {
      return wholes
          .multiply(BigDecimal.valueOf(Amount.PARTS))
          .setScale(0, RoundingMode.DOWN)
          .longValueExact();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("quantity " + wholes + " is too large", e);
    }
  }

  private static BigDecimal value(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || !SUFFIXES.containsKey(form.group(2))) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no quantity of at least 0, such as 4, 250m or 20Gi");
    }
    return new BigDecimal(form.group(1)).multiply(SUFFIXES.get(form.group(2)));
  }
}
