package dev.lamella.deviceplugin.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.deviceplugin.container.Delivery;
import dev.lamella.deviceplugin.container.ListStrategy;
import dev.lamella.deviceplugin.naming.MigStrategy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** From a file's keys to {@link Settings}. */
final class SettingsReader {

  /** What may stand in a file, and in an entry for some nodes. */
  static final List<String> KEYS =
      List.of(
          "alsoListed",
          "deviceListStrategies",
          "driver",
          "health",
          "migStrategy",
          "nodeLabels",
          "passDeviceSpecs",
          "shares",
          "topology",
          "usage");

  private SettingsReader() {}

  /**
   * @throws WrongInput naming field, value and what would be right
   */
  static Settings read(JsonNode root) {
    Section file = new Section("", root);
    return new Settings(
        file.text("migStrategy").map(SettingsReader::strategy).orElse(MigStrategy.MIXED),
        Set.copyOf(file.texts("alsoListed").orElse(List.of())),
        shares(root.path("shares")),
        driver(new Section("driver", root.path("driver"))),
        health(new Section("health", root.path("health"))),
        usage(new Section("usage", root.path("usage"))),
        containers(file),
        file.flag("nodeLabels"),
        file.flag("topology"));
  }

  private static MigStrategy strategy(String text) {
    return MigStrategy.parse(text)
        .orElseThrow(
            () ->
                new WrongInput(
                    "migStrategy is \"%s\", expected mixed, single or none".formatted(text)));
  }

  private static Delivery containers(Section file) {
    Set<ListStrategy> strategies =
        file.texts("deviceListStrategies")
            .map(names -> Strategies.read("deviceListStrategies", names))
            .orElse(Delivery.DEFAULT.strategies());
    return new Delivery(strategies, file.flag("passDeviceSpecs"));
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
}
