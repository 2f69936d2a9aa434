package dev.lamella.nvml.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lamella.core.geometry.Boards;
import dev.lamella.core.geometry.PlacedProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayoutFileTest {

  @TempDir private Path dir;

  @Test
  void readsNodesGpusAndSlices() throws IOException {
    List<NodeLayout> nodes =
        read(
            """
            nodes:
            - name: gpu-a
              gpus:
              - {model: A100-SXM4-40GB, slices: [3g.20gb@4, 1g.5gb@0]}
              - {model: A100-SXM4-40GB, slices: []}
              - {model: A100-SXM4-40GB}
              - model: T4
            - name: cpu-only.example
              gpus: []
            """);

    assertThat(nodes.stream().map(NodeLayout::name)).containsExactly("gpu-a", "cpu-only.example");
    List<GpuLayout> gpus = nodes.get(0).gpus();
    assertThat(gpus.stream().map(GpuLayout::model))
        .containsExactly("A100-SXM4-40GB", "A100-SXM4-40GB", "A100-SXM4-40GB", "T4");
    assertThat(gpus.stream().map(GpuLayout::migEnabled)).containsExactly(true, true, false, false);
    assertThat(gpus.get(0).slices().stream().map(PlacedProfile::toString))
        .containsExactly("1g.5gb@0", "3g.20gb@4");
    assertThat(gpus.get(1).slices()).isEmpty();
    assertThat(nodes.get(1).gpus()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "nodes: []                        | nodes is empty, at least one node is needed",
        "{}                               | nodes must be a list, is missing",
        "node: []                         | unknown key node, nearest is nodes",
        "[]                               | the file must be an object with nodes, is []",
        "nodes: 3                         | nodes must be a list, is 3",
        "nodes: [{gpus: []}]              | nodes[0]: name must be the node's name, is missing",
        "nodes: [a]                       |"
            + " nodes[0]: a node must be an object with name and gpus, is \"a\"",
        "nodes: [{name: A_b, gpus: []}]   | nodes[0]: name \"A_b\" must be a Kubernetes node name:"
            + " lower-case letters, digits, '-' and '.'",
        "nodes: [{name: a, gpu: []}]      | nodes[0]: unknown key gpu, nearest is gpus",
        "nodes: [{name: a}]               | node a: gpus must be a list, is missing",
        "nodes: [{name: a, gpus: []}, {name: a, gpus: []}] |"
            + " nodes[1]: name a is taken by a node before it",
      })
  void saysWhatIsWrongWithANode(String yaml, String complaint) {
    assertWrong(yaml, complaint);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{model: A30, slice: []}          | unknown key slice, nearest is slices",
        "{slices: []}                     | model must be one of MODELS, is missing",
        "{model: V100}                    | unknown model V100, must be one of MODELS",
        "{model: T4, slices: []}          | T4 cannot be cut: leave the key slices out",
        "{model: A30, slices: }           | slices must be a list, is null",
        "{model: A30, slices: [1g.6gb]}   |"
            + " slice \"1g.6gb\" must be <profile>@<start>, such as 1g.6gb@0",
        "{model: A30, slices: [1g.6gb@x]} |"
            + " slice \"1g.6gb@x\" must be <profile>@<start>, such as 1g.6gb@0",
        "{model: A30, slices: [7]}        |"
            + " a slice must be <profile>@<start>, such as 1g.6gb@0, is 7",
        "{model: A30, slices: [1g.5gb@0]} | slice 1g.5gb@0: A30 has no profile 1g.5gb,"
            + " only 1g.6gb, 1g.6gb+me, 2g.12gb, 4g.24gb",
        "{model: A30, slices: [2g.12gb@1]} |"
            + " slice 2g.12gb@1 is illegal: on A30 a 2g.12gb starts at one of [0, 2]",
        "{model: A30, slices: [2g.12gb@99]} |"
            + " slice 2g.12gb@99 is illegal: on A30 a 2g.12gb starts at one of [0, 2]",
        "{model: A30, slices: [4g.24gb@0, 1g.6gb@3]} | slice 1g.6gb@3 is illegal:"
            + " its memory slices 3..3 overlap those of 4g.24gb@0, 0..3",
      })
  void saysWhatIsWrongWithAGpu(String gpu, String complaint) {
    assertWrong(
        "nodes: [{name: a, gpus: [{model: T4}, " + gpu + "]}]",
        "node a: GPU 1: " + complaint.replace("MODELS", String.join(", ", Boards.models())));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nodes: [            | not YAML at line 1: ",
        "nodes: 1 nodes: 2   | not YAML at line 1: ",
        "{nodes: [], nodes: []} | not YAML at line 1: Duplicate field 'nodes'",
      })
  void saysWhereItIsNotYaml(String yaml, String beginning) throws IOException {
    Path file = Files.writeString(dir.resolve("layout.yaml"), yaml);

    assertThatThrownBy(() -> LayoutFile.read(file))
        .isInstanceOf(LayoutException.class)
        .hasMessageStartingWith(file + ": " + beginning.trim())
        .hasMessageNotContaining("\n");
  }

  @Test
  void saysThatThereIsNoFile() {
    Path file = dir.resolve("none.yaml");

    assertThatThrownBy(() -> LayoutFile.read(file))
        .isInstanceOf(LayoutException.class)
        .hasMessage(file + ": no such file; a layout file in YAML is needed");
  }

  @Test
  void saysThatAFolderIsNoFile() {
    assertThatThrownBy(() -> LayoutFile.read(dir))
        .isInstanceOf(LayoutException.class)
        .hasMessageStartingWith(dir + ": cannot be read: ");
  }

  @Test
  void saysThatAFileIsEmpty() {
    assertWrong("", "the file must be an object with nodes, is missing");
  }

  private List<NodeLayout> read(String yaml) throws IOException {
    return LayoutFile.read(Files.writeString(dir.resolve("layout.yaml"), yaml));
  }

  private void assertWrong(String yaml, String complaint) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(LayoutException.class)
        .hasMessageEndingWith("layout.yaml: " + complaint)
        .hasMessageStartingWith(dir.toString());
  }
}
