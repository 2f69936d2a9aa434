import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.util.Map;

/** Checks that the simulation reproduces the published allocation on openb-default. */
public class CheckOpenb {

  private static final double TOLERANCE = 0.3;

  /** Percent of all GPUs at 100 and 120 % arrival: USENIX ATC'23, mean of ten seeds. */
  private static final Map<String, double[]> PUBLISHED =
      Map.of(
          "random", new double[] {86.30, 87.28},
          "best-fit", new double[] {92.86, 93.00},
          "fgd", new double[] {95.23, 95.35});

  public static void main(String[] args) throws Exception {
    int checked = 0;
    boolean wrong = false;
    for (JsonNode row : new ObjectMapper().readTree(new File(args[0])).path("rows")) {
      String metric = row.path("metric").asText();
      int at = metric.equals("allocationAt100") ? 0 : metric.equals("allocationAt120") ? 1 : -1;
      double[] published = PUBLISHED.get(row.path("policy").asText());
      if (at >= 0 && published != null) {
        double mean = row.path("mean").asDouble();
        boolean close = Math.abs(mean - published[at]) <= TOLERANCE;
        wrong |= !close;
        checked++;
        System.out.printf(
            "%s %s: %.2f, published %.2f%s%n",
            row.path("policy").asText(), metric, mean, published[at], close ? "" : " TOO FAR");
      }
    }
    if (wrong || checked != 6) {
      System.err.println("openb: " + checked + " of 6 numbers checked, expected all within 0.3");
      System.exit(1);
    }
  }
}
