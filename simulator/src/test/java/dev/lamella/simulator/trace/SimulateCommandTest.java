package dev.lamella.simulator.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class SimulateCommandTest {

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--preset nothing | unknown preset 'nothing': one of openb, churn, fill, tenants",
        "--preset churn --mix huge"
            + " | unknown mix 'huge': preset churn has uniform, small, large, bimodal",
        "--preset churn --policy optimum | unknown policy 'optimum': preset churn has random,"
            + " first-fit, best-fit, worst-fit, capability, fgd, lamella",
        "--preset openb --policy lamella --data ."
            + " | unknown policy 'lamella': preset openb has random, first-fit, best-fit, fgd",
        "--preset openb --data no/such/folder | --data no/such/folder is not a folder",
        "--preset openb --data . | ./openb_node_list_gpu_node.csv cannot be read;"
            + " --data names the folder with the openb files",
        "--preset fill --seeds 0 | --seeds is 0; it is at least 1",
        "--preset fill --csv no/such/file.csv | --csv no/such/file.csv is not in an existing folder",
        "--seeds 1 | Missing required option: '--preset=NAME'",
        "--preset fill --seeds many"
            + " | Invalid value for option '--seeds': 'many' is not an int",
        "--preset fill --output xml | Invalid value for option '--output': expected one of"
            + " [table, json] (case-sensitive) but was 'xml'",
        "--preset fill --colour | Unknown option: '--colour'",
      })
  void wrongInputIsOneLineAndTwo(String arguments, String message) {
    assertThat(run(arguments)).isEqualTo(2);
    assertThat(err.toString()).isEqualTo("simulate: " + message + System.lineSeparator());
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void jsonIsAllThatStdoutCarries() throws IOException {
    assertThat(run("--preset fill --mix small --policy best-fit,lamella --seeds 2 --output json"))
        .isZero();

    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.get("rows")).hasSize(4);
    JsonNode row = json.get("rows").get(0);
    assertThat(row.get("preset").asText()).isEqualTo("fill");
    assertThat(row.get("mix").asText()).isEqualTo("small");
    assertThat(row.get("policy").asText()).isEqualTo("best-fit");
    assertThat(row.get("seeds").asInt()).isEqualTo(2);
    assertThat(row.get("metric").asText()).isEqualTo("acceptedRequests");
    assertThat(row.get("mean").asDouble()).isBetween(90.0, 100.0);
    assertThat(row.get("sd").asDouble()).isBetween(0.0, 10.0);
    assertThat(json.get("differences").get(0).get("against").asText()).isEqualTo("best-fit");
    assertThat(err.toString()).contains("simulate fill: 4/4 runs");
  }

  @Test
  void theTableHasALineForEachPolicyAndTheDifferences() {
    assertThat(run("--preset fill --mix uniform,small --policy lamella,optimum,best-fit --seeds 2"))
        .isZero();
    assertThat(out.toString())
        .contains("fill acceptedRequests, percent: mean (sd) of 2 seeds")
        .containsPattern("(?m)^policy +uniform +small$")
        .containsPattern("(?m)^best-fit +9\\d\\.\\d\\d \\(\\d\\.\\d\\d\\) +9")
        .containsPattern("(?m)^optimum +100.00 \\(0.00\\) +100.00 \\(0.00\\)$")
        .containsPattern("(?m)^uniform +lamella +against optimum +-\\d");
  }

  @Test
  void csvAndSvgAreWrittenBesides() throws IOException {
    Path csv = folder.resolve("runs.csv");
    Path svg = folder.resolve("plot.svg");

    assertThat(
            run(
                "--preset fill --mix large --policy first-fit --seeds 3 --csv %s --svg %s"
                    .formatted(csv, svg)))
        .isZero();

    assertThat(Files.readAllLines(csv))
        .hasSize(1 + 2 * 3)
        .first()
        .isEqualTo("preset,mix,policy,seed,metric,percent");
    assertThat(Files.readAllLines(csv).get(1))
        .matches("fill,large,first-fit,1,acceptedRequests,\\d+\\.\\d{6}");
    assertThat(Files.readString(svg))
        .startsWith("<svg xmlns=\"http://www.w3.org/2000/svg\"")
        .contains("<title>large first-fit: ")
        .endsWith("</svg>\n");
  }

  @Test
  void theSameCommandPrintsTheSame() {
    String arguments = "--preset fill --mix bimodal --seeds 2";
    run(arguments);
    String first = out.toString();
    out.getBuffer().setLength(0);
    run(arguments);
    assertThat(out.toString()).isEqualTo(first).isNotEmpty();
  }

  @Test
  void helpNamesThePresets() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("openb", "churn", "fill", "tenants", "Exit codes");
  }

  private int run(String arguments) {
    CommandLine command = SimulateCommand.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(arguments.trim().split(" +"));
  }
}
