package dev.lamella.simulator.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ManifestsTest {

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: p}
      spec:
        containers:
        - name: c
          image: i
          resources: {limits: {nvidia.com/mig-1g.5gb: 1}}
      """;

  @TempDir private Path folder;

  private static Stream<Arguments> wrong() {
    return Stream.of(
        Arguments.of("a: [", "m.yaml: not YAML at line 1:"),
        Arguments.of("", "m.yaml: no objects; expected Kubernetes manifests"),
        Arguments.of("---\n---\n", "m.yaml: no objects"),
        Arguments.of("just text", "m.yaml: document 1 is \"just text\", expected an object"),
        Arguments.of(POD + "---\n- 1\n", "m.yaml: document 2 is [1], expected an object"),
        Arguments.of("apiVersion: v1\n", "m.yaml: document 1 kind is missing"),
        Arguments.of(POD.replace("apiVersion: v1", "apiVersion: 1"), "apiVersion is 1, expected a"),
        Arguments.of(
            POD.replace("name: p", "labels: {}"),
            "m.yaml: document 1 (Pod): metadata.name is missing"),
        Arguments.of(
            POD.replace("kind: Pod", "kind: Pot"),
            "m.yaml: document 1 (Pot p): kind is \"Pot\" of apiVersion \"v1\""),
        Arguments.of(POD.replace("v1", "v7"), "kind is \"Pod\" of apiVersion \"v7\""),
        Arguments.of(
            POD.replace("5gb: 1", "5gb: lots"),
            "spec.containers[0].resources.limits[nvidia.com/mig-1g.5gb] is \"lots\", expected a"
                + " quantity"),
        Arguments.of(POD.replace("5gb: 1", "5gb: 1.5"), "must be an integer"),
        Arguments.of(POD.replace("name: p", "name: P!"), "metadata.name: Invalid value: \"P!\""),
        Arguments.of(POD.replace("image: i", "command: [a]"), "spec.containers[0].image: Required"),
        Arguments.of(
            POD.replace("name: p", "name: p, labels: {a: 1}"),
            "metadata.labels[a] is 1, expected a text"),
        Arguments.of(POD.replace("name: p", "name: p, name: q"), "m.yaml: not YAML at line 3"),
        Arguments.of(
            POD.replace("name: p", "name: p, namespace: nowhere"),
            "m.yaml: document 1 (Pod p): metadata.namespace is \"nowhere\": no such namespace"),
        Arguments.of(
            "apiVersion: lamella.dev/v1alpha1\nkind: Tenant\nmetadata: {name: t}\n"
                + "spec: {namespaces: [a], class: Best}\n",
            "spec.class: Unsupported value: \"Best\": one of [LatencyCritical, BestEffort]"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void saysInOneLineWhatIsWrong(String text, String says) throws IOException {
    Path file = Files.writeString(folder.resolve("m.yaml"), text);

    assertThatThrownBy(() -> Manifests.check(List.of(file)))
        .isInstanceOf(WrongInput.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(says)
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path file = folder.resolve("none.yaml");

    assertThatThrownBy(() -> Manifests.check(List.of(file))).hasMessage(file + ": no such file");
  }

  @Test
  void aNamespaceOfAFileBeforeIsKnown() throws IOException {
    Path first =
        Files.writeString(
            folder.resolve("1.yaml"), "apiVersion: v1\nkind: Namespace\nmetadata: {name: n}\n");
    Path second =
        Files.writeString(
            folder.resolve("2.yaml"),
            "---\n" + POD.replace("name: p", "name: p, namespace: n") + "---\n");

    List<List<Manifest>> manifests = Manifests.check(List.of(first, second));

    assertThat(manifests).hasSize(2);
    assertThat(manifests.get(1))
        .singleElement()
        .satisfies(
            manifest -> {
              assertThat(manifest.kind()).isEqualTo("Pod");
              assertThat(manifest.namespace()).isEqualTo("n");
            });
  }

  @Test
  void aListIsTakenApart() throws IOException {
    String list =
        """
        apiVersion: v1
        kind: List
        items:
        - {apiVersion: v1, kind: Namespace, metadata: {name: a}}
        - {apiVersion: v1, kind: Namespace, metadata: {name: b}}
        """;
    Path file = Files.writeString(folder.resolve("m.yaml"), list);

    assertThat(ManifestReader.read(file)).extracting(Manifest::name).containsExactly("a", "b");
  }

  @Test
  void theExampleIsInOrder() throws IOException {
    assertThat(Manifests.check(Example.manifests(folder))).hasSize(5);
  }
}
