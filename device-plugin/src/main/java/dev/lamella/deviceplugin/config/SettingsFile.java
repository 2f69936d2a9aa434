package dev.lamella.deviceplugin.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The configuration file, read strictly: what it does not know it refuses.
 *
 * <pre>{@code
 * migStrategy: mixed
 * alsoListed: [3g.39gb]
 * shares:            # into how many shares a slice is cut when it is shared
 *   default: 4       # profiles not named here
 *   1g.5gb: 2
 *   gpu: 16          # a GPU with MIG off
 * driver: {everySeconds: 5, deadlineSeconds: 60}
 * health: {recoverAfterSeconds: 300, ignoreXids: [], watchXids: []}
 * usage: {everySeconds: 10, podMemory: true}
 * deviceListStrategies: [envvar]
 * passDeviceSpecs: false
 * nodeLabels: false
 * topology: false
 * nodes:             # what differs on some nodes; of entries that say the same the last one holds
 * - names: [gpu-a]
 *   labels: {pool: batch}
 *   shares: {1g.5gb: 7}
 * }</pre>
 *
 * Profiles are spelled as the driver does ({@code 1g.10gb+me}).
 */
public final class SettingsFile {

  private static final String NODES = "nodes";

  private final String name;
  private final ObjectNode all;
  private final List<NodeEntry> overrides;

  private SettingsFile(String name, ObjectNode all, List<NodeEntry> overrides) {
    this.name = name;
    this.all = all;
    this.overrides = overrides;
  }

  /** No file: what holds without one. */
  public static SettingsFile none() {
    return new SettingsFile("", JsonNodeFactory.instance.objectNode(), List.of());
  }

  /**
   * @throws WrongInput naming file, field, value and what would be right
   */
  public static SettingsFile read(Path file) {
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new WrongInput(file + ": cannot be read: " + e, e);
    }
  }

  /**
   * @param name of the file, for messages
   * @throws WrongInput naming file, field, value and what would be right
   */
  static SettingsFile parse(String name, String text) {
    try {
      ObjectNode root = tree(text);
      List<NodeEntry> overrides = overrides(root.remove(NODES));
      SettingsReader.read(root);
      overrides.forEach(one -> SettingsReader.read(one.over(root)));
      return new SettingsFile(name, root, overrides);
    } catch (WrongInput e) {
      throw new WrongInput(name + ": " + e.getMessage(), e);
    } catch (JsonProcessingException e) {
      throw new WrongInput(name + ": no YAML: " + firstLine(e.getOriginalMessage()), e);
    }
  }

  private static ObjectNode tree(String text) throws JsonProcessingException {
    YAMLMapper yaml =
        YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(YAMLParser.Feature.EMPTY_STRING_AS_NULL)
            .build();
    JsonNode root = yaml.readTree(text);
    if (root.isMissingNode() || root.isNull()) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (!(root instanceof ObjectNode object)) {
      throw new WrongInput("expected keys such as shares, found " + root);
    }
    List<String> keys = new ArrayList<>(SettingsReader.KEYS);
    keys.add(NODES);
    new Section("", root).allowOnly(keys);
    return object;
  }

  private static List<NodeEntry> overrides(JsonNode nodes) {
    List<NodeEntry> overrides = new ArrayList<>();
    if (nodes == null) {
      return overrides;
    }
    if (!nodes.isArray()) {
      throw new WrongInput(
          "nodes is " + nodes + ", expected a list of entries with names or labels");
    }
    for (int i = 0; i < nodes.size(); i++) {
      overrides.add(NodeEntry.read("nodes[" + i + "]", nodes.get(i), SettingsReader.KEYS));
    }
    return List.copyOf(overrides);
  }

  /** Whether a node's labels matter. */
  public boolean selectsByLabels() {
    return overrides.stream().anyMatch(one -> !one.labels().isEmpty());
  }

  /**
   * What holds for a node.
   *
   * @param labels the Node's; none if they are not known
   * @throws WrongInput if entries that fit together only apart meet in this node
   */
  public Settings of(Optional<String> node, Map<String, String> labels) {
    ObjectNode merged = all;
    for (NodeEntry one : overrides) {
      merged = one.matches(node, labels) ? one.over(merged) : merged;
    }
    try {
      return SettingsReader.read(merged);
    } catch (WrongInput e) {
      throw new WrongInput(name + ": " + e.getMessage(), e);
    }
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
