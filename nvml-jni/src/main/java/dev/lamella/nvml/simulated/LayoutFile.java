package dev.lamella.nvml.simulated;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lamella.core.geometry.Board;
import dev.lamella.core.geometry.Boards;
import dev.lamella.core.geometry.Layout;
import dev.lamella.core.geometry.LayoutViolation;
import dev.lamella.core.geometry.PlacedProfile;
import dev.lamella.core.geometry.Profile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads layout files: YAML of the form {@code nodes: [{name: gpu-a, gpus: [{model: A100-SXM4-40GB,
 * slices: [1g.5gb@0, 3g.20gb@4]}]}]}. A GPU without the key {@code slices} has MIG off; {@code
 * slices: []} has MIG on and nothing cut.
 */
public final class LayoutFile {

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** What Kubernetes takes for a node's name (RFC 1123 subdomain). */
  private static final Pattern NODE_NAME =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  private static final Pattern SLICE = Pattern.compile("([^@\\s]+)@([0-9]{1,2})");

  private LayoutFile() {}

  /**
   * The nodes in the file's order.
   *
   * @throws LayoutException for anything wrong with the file, in one line
   */
  public static List<NodeLayout> read(Path file) {
    Field root = new Field(file.toString(), parse(file));
    root.object("the file", "nodes");
    List<NodeLayout> nodes = new ArrayList<>();
    Set<String> names = new HashSet<>();
    List<JsonNode> elements = root.at("nodes").array("nodes");
    for (int i = 0; i < elements.size(); i++) {
      NodeLayout node = node(file, i, elements.get(i));
      if (!names.add(node.name())) {
        throw root.wrong("nodes[" + i + "]: name " + node.name() + " is taken by a node before it");
      }
      nodes.add(node);
    }
    if (nodes.isEmpty()) {
      throw root.wrong("nodes is empty, at least one node is needed");
    }
    return List.copyOf(nodes);
  }

  private static JsonNode parse(Path file) {
    Field place = new Field(file.toString(), null);
    try {
      return YAML.readTree(Files.readAllBytes(file));
    } catch (JsonProcessingException e) {
      String at = e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
      throw place.wrong("not YAML" + at + ": " + e.getOriginalMessage());
    } catch (NoSuchFileException e) {
      throw place.wrong("no such file; a layout file in YAML is needed");
    } catch (AccessDeniedException e) {
      throw place.wrong("must not be read by this user");
    } catch (IOException e) {
      throw place.wrong("cannot be read: " + e.getMessage());
    }
  }

  private static NodeLayout node(Path file, int index, JsonNode value) {
    Field unnamed = new Field(file + ": nodes[" + index + "]", value);
    unnamed.object("a node", "name", "gpus");
    String name = unnamed.at("name").text("name", "the node's name");
    if (!NODE_NAME.matcher(name).matches() || name.length() > 253) {
      throw unnamed.wrong(
          "name \"%s\" must be a Kubernetes node name: lower-case letters, digits, '-' and '.'"
              .formatted(name));
    }
    String where = file + ": node " + name;
    List<JsonNode> elements = new Field(where, value.get("gpus")).array("gpus");
    List<GpuLayout> gpus = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      gpus.add(gpu(new Field(where + ": GPU " + i, elements.get(i))));
    }
    return new NodeLayout(name, gpus);
  }

  private static GpuLayout gpu(Field gpu) {
    gpu.object("a GPU", "model", "slices");
    String models = "one of " + String.join(", ", Boards.models());
    String model = gpu.at("model").text("model", models);
    Board board =
        Boards.byModel(model)
            .orElseThrow(() -> gpu.wrong("unknown model " + model + ", must be " + models));
    Field slices = gpu.at("slices");
    if (slices.isAbsent()) {
      return new GpuLayout(model, false, List.of());
    }
    if (!board.supportsMig()) {
      throw gpu.wrong(model + " cannot be cut: leave the key slices out");
    }
    List<PlacedProfile> placed =
        slices.array("slices").stream().map(text -> slice(gpu, board, text)).toList();
    Optional<LayoutViolation> violation = Layout.violation(board, placed);
    if (violation.isPresent()) {
      throw gpu.wrong(violation.get().sentence());
    }
    return new GpuLayout(model, true, placed);
  }

  private static PlacedProfile slice(Field gpu, Board board, JsonNode value) {
    String form = "<profile>@<start>, such as " + board.profileNames().get(0) + "@0";
    String text = new Field(gpu.where(), value).text("a slice", form);
    Matcher matcher = SLICE.matcher(text);
    if (!matcher.matches()) {
      throw gpu.wrong("slice \"" + text + "\" must be " + form);
    }
    Profile profile =
        board
            .profile(matcher.group(1))
            .orElseThrow(
                () ->
                    gpu.wrong(
                        "slice %s: %s has no profile %s, only %s"
                            .formatted(
                                text,
                                board.model(),
                                matcher.group(1),
                                String.join(", ", board.profileNames()))));
    return new PlacedProfile(profile, Integer.parseInt(matcher.group(2)));
  }
}
