package dev.lamella.deviceplugin.config;

import dev.lamella.deviceplugin.container.Delivery;
import dev.lamella.deviceplugin.container.ListStrategy;
import dev.lamella.deviceplugin.naming.MigStrategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where settings come from: a file that may change, and flags that go before it.
 *
 * @param file empty: nothing but the flags
 * @param node this node's name, if it has one
 */
public record SettingsSource(Optional<Path> file, Optional<String> node, Flags flags) {

  /**
   * What the command line says.
   *
   * @param migStrategy empty if it is the file's to say
   * @param strategies empty if they are the file's to say
   * @param passDeviceSpecs true, or the file's to say
   * @param nodeLabels true, or the file's to say
   */
  public record Flags(
      Optional<MigStrategy> migStrategy,
      Optional<Set<ListStrategy>> strategies,
      boolean passDeviceSpecs,
      boolean nodeLabels) {

    Settings over(Settings file) {
      return new Settings(
          migStrategy.orElse(file.migStrategy()),
          file.alsoListed(),
          file.shares(),
          file.driver(),
          file.health(),
          file.usage(),
          new Delivery(
              strategies.orElse(file.containers().strategies()),
              passDeviceSpecs || file.containers().passDeviceSpecs()),
          nodeLabels || file.nodeLabels(),
          file.topology());
    }
  }

  /**
   * The file's text; empty without a file.
   *
   * @throws WrongInput if it cannot be read
   */
  public String text() {
    if (file.isEmpty()) {
      return "";
    }
    try {
      return Files.readString(file.get());
    } catch (IOException e) {
      throw new WrongInput(file.get() + ": cannot be read: " + e, e);
    }
  }

  /**
   * @param text of the file
   * @throws WrongInput naming file, field, value and what would be right
   */
  public SettingsFile parse(String text) {
    return file.map(path -> SettingsFile.parse(path.toString(), text)).orElse(SettingsFile.none());
  }

  /**
   * What holds for this node.
   *
   * @param labels the Node's; none if they are not known
   * @throws WrongInput if entries that fit together only apart meet in this node
   */
  public Settings settings(SettingsFile parsed, Map<String, String> labels) {
    return flags.over(parsed.of(node, labels));
  }
}
