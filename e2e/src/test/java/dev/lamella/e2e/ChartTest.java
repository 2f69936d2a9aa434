package dev.lamella.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Helm 4 makes of the chart, judged by upstream's API server with strict fields. */
@ExtendWith(ClusterExtension.class)
class ChartTest {

  /** Kinds that others define; this cluster has none of them. */
  private static final List<String> FOREIGN =
      List.of("apiVersion: monitoring.coreos.com/", "apiVersion: cert-manager.io/");

  static List<Path> sets() throws IOException {
    Path dir = Checkout.find().root().resolve("charts/src/test/values");
    try (Stream<Path> files = Files.list(dir)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("sets")
  void isAcceptedWithEachSetOfValues(Path set, Cluster cluster) throws Exception {
    String chart = cluster.checkout().chart().toString();
    cluster.kubectl().helm(List.of("lint", "--strict", chart, "-f", set.toString()), List.of());
    String manifests = own(render(cluster, set));

    assertThat(manifests).contains("kind: ValidatingAdmissionPolicy");
    cluster.kubectl().judge(manifests);
  }

  @Test
  void theJudgeRefusesWhatItDoesNotKnow(Cluster cluster) throws Exception {
    Path set = cluster.checkout().root().resolve("charts/src/test/values/default.yaml");
    String wrong = own(render(cluster, set)).replace("maxSurge: 0", "maxSurge: 0, surge: 1");

    assertThatThrownBy(() -> cluster.kubectl().judge(wrong))
        .hasMessageContaining("unknown field \"spec.updateStrategy.rollingUpdate.surge\"");
  }

  private static String render(Cluster cluster, Path set) throws Exception {
    return cluster
        .kubectl()
        .helm(
            List.of(
                "template",
                "judged",
                cluster.checkout().chart().toString(),
                "--namespace",
                Cluster.SYSTEM,
                "--kube-version",
                cluster.kube().get("/version").path("gitVersion").asText(),
                "-f",
                set.toString()),
            List.of());
  }

  private static String own(String manifests) {
    return Arrays.stream(manifests.split("(?m)^---\\s*$"))
        .filter(document -> FOREIGN.stream().noneMatch(document::contains))
        .collect(Collectors.joining("\n---\n"));
  }
}
