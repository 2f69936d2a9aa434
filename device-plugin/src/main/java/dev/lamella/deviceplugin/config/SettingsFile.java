package dev.lamella.deviceplugin.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads {@link Settings} strictly: what it does not know it refuses. */
public final class SettingsFile {

  private static final List<String> KEYS = List.of("driver", "health", "shares", "usage");

  private SettingsFile() {}

  /**
   * @throws WrongInput naming file, field, value and what would be right
   */
  public static Settings read(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (WrongInput e) {
      throw new WrongInput(file + ": " + e.getMessage(), e);
    } catch (JsonProcessingException e) {
      throw new WrongInput(file + ": no YAML: " + firstLine(e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new WrongInput(file + ": cannot be read: " + e, e);
    }
  }

  private static Settings parse(String text) throws JsonProcessingException {
    YAMLMapper yaml =
        YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(YAMLParser.Feature.EMPTY_STRING_AS_NULL)
            .build();
    JsonNode root = yaml.readTree(text);
    if (root.isMissingNode() || root.isNull()) {
      return Settings.defaults();
    }
    if (!root.isObject()) {
      throw new WrongInput("expected keys such as shares, found " + root);
    }
    new Section("", root).allowOnly(KEYS);
    return new Settings(
        shares(root.path("shares")),
        driver(new Section("driver", root.path("driver"))),
        health(new Section("health", root.path("health"))),
        usage(new Section("usage", root.path("usage"))));
  }

  private static DriverSettings driver(Section section) {
    DriverSettings without = DriverSettings.defaults();
    section.allowOnly(List.of("deadlineSeconds", "everySeconds"));
    return new DriverSettings(
        section.number("everySeconds", without.everySeconds()),
        section.number("deadlineSeconds", without.deadlineSeconds()));
  }

  private static HealthSettings health(Section section) {
    section.allowOnly(List.of("ignoreXids", "recoverAfterSeconds", "watchXids"));
    return new HealthSettings(
        section.number("recoverAfterSeconds", HealthSettings.defaults().recoverAfterSeconds()),
        section.numbers("ignoreXids"),
        section.numbers("watchXids"));
  }

  private static UsageSettings usage(Section section) {
    UsageSettings without = UsageSettings.defaults();
    section.allowOnly(List.of("everySeconds", "podMemory"));
    return new UsageSettings(
        section.number("everySeconds", without.everySeconds()),
        section.yes("podMemory", without.podMemory()));
  }

  private static Map<String, Integer> shares(JsonNode node) {
    Map<String, Integer> shares = new TreeMap<>();
    if (node.isMissingNode()) {
      return shares;
    }
    if (!node.isObject()) {
      throw new WrongInput("shares is " + node + ", expected profiles with numbers");
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!field.getValue().canConvertToInt() || !field.getValue().isIntegralNumber()) {
        throw new WrongInput(
            "shares.%s is %s, expected a whole number from %d to %d"
                .formatted(field.getKey(), field.getValue(), Settings.LEAST, Settings.MOST));
      }
      shares.put(field.getKey(), field.getValue().intValue());
    }
    return shares;
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
