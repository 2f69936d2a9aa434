package dev.lamella.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who may do what. */
class RightsTest {

  @Test
  void everyRuleSaysWhy() throws IOException {
    List<String> silent = new ArrayList<>();
    int rules = 0;
    try (Stream<Path> files = Files.list(Chart.DIRECTORY.resolve("templates"))) {
      for (Path file : files.filter(f -> f.toString().endsWith("rbac.yaml")).sorted().toList()) {
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
          if (lines.get(i).startsWith("- apiGroups:")) {
            rules++;
            if (!explained(lines, i)) {
              silent.add(file.getFileName() + ":" + (i + 1));
            }
          }
        }
      }
    }
    assertThat(rules).isGreaterThan(10);
    assertThat(silent).isEmpty();
  }

  /** A comment stands above the rule, or above the one before it with the same resources. */
  private static boolean explained(List<String> lines, int rule) {
    String before = rule == 0 ? "" : lines.get(rule - 1);
    if (before.startsWith("#")) {
      return true;
    }
    String resources = lines.get(rule + 1);
    for (int i = rule - 1; i > 0 && !lines.get(i).startsWith("#"); i--) {
      if (lines.get(i).equals(resources) && lines.get(i - 2).startsWith("#")) {
        return true;
      }
    }
    return false;
  }

  @Test
  void nobodyMayDoEverything() {
    for (JsonNode role : roles(Chart.render("everything"))) {
      for (JsonNode rule : role.path("rules")) {
        assertThat(rule.toString()).as(Rendered.title(role)).doesNotContain("\"*\"");
      }
    }
  }

  @Test
  void eachProgramHasItsOwnAccountAndSecretsAreNobodysButItsOwn() {
    Rendered rendered = Chart.render("default");
    Set<String> accounts =
        rendered.workloads().stream()
            .map(w -> Rendered.podSpec(w).path("serviceAccountName").asText())
            .collect(Collectors.toSet());
    assertThat(accounts).hasSize(3);
    assertThat(rendered.titles())
        .containsAll(accounts.stream().map("ServiceAccount/"::concat).toList());
    List<JsonNode> rules =
        roles(rendered).stream()
            .flatMap(role -> role.path("rules").valueStream())
            .filter(rule -> rule.path("resources").toString().contains("secrets"))
            .toList();
    assertThat(rules).hasSize(2);
    assertThat(rules.get(0).path("verbs").toString()).isEqualTo("[\"create\"]");
    assertThat(rules.get(1).path("resourceNames").toString())
        .isEqualTo("[\"lamella-scheduler-extender-tls\"]");
    assertThat(roles(Chart.render("everything")).toString()).doesNotContain("secrets");
  }

  @Test
  void tokensAreReviewedUnlessTheyWouldTravelInTheClear() {
    assertThat(roles(Chart.render("default")).toString())
        .contains("tokenreviews", "subjectaccessreviews");
    assertThat(roles(Chart.render("own-scheduler")).toString()).doesNotContain("reviews");
  }

  @Test
  void rolesAndAccountsMayBeSomebodyElses() {
    Rendered rendered = Chart.render("own-accounts");
    assertThat(roles(rendered)).isEmpty();
    assertThat(rendered.titles())
        .doesNotContain("ServiceAccount/gpu-daemon", "ServiceAccount/gpu-extender");
    assertThat(
            Rendered.podSpec(rendered.ofKind("DaemonSet").get(0))
                .path("serviceAccountName")
                .asText())
        .isEqualTo("gpu-daemon");
  }

  private static List<JsonNode> roles(Rendered rendered) {
    return Stream.of("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding")
        .flatMap(kind -> rendered.ofKind(kind).stream())
        .toList();
  }
}
