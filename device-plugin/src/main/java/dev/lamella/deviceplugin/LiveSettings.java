package dev.lamella.deviceplugin;

import dev.lamella.deviceplugin.config.Settings;
import dev.lamella.deviceplugin.config.SettingsFile;
import dev.lamella.deviceplugin.config.SettingsSource;
import dev.lamella.deviceplugin.config.WrongInput;
import dev.lamella.deviceplugin.loop.Loop;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings of the moment. The file is read again every two seconds and compared as text: that
 * sees every way of replacing it, the swapped symbolic links of a ConfigMap included. A file that
 * is wrong changes nothing and is reported.
 */
final class LiveSettings implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LiveSettings.class);
  private static final String REJECTED = "FileRejected";
  private static final Duration EVERY = Duration.ofSeconds(2);

  /**
   * @param text of the file that they were read from
   * @param problem why the file that stands there now does not hold, or in part; empty if it does
   */
  private record State(
      String text, Map<String, String> labels, Settings settings, String reason, String problem) {}

  private final SettingsSource source;
  private final Settings started;
  private final Runnable onChange;
  private volatile State state;
  private volatile Map<String, String> labels;
  private Loop loop;

  /**
   * @param labels the Node's; none if they are not known
   * @throws WrongInput if the file is wrong
   */
  LiveSettings(SettingsSource source, Map<String, String> labels, Runnable onChange) {
    this.source = source;
    this.labels = labels;
    this.onChange = onChange;
    String text = source.text();
    this.started = source.settings(source.parse(text), labels);
    this.state = new State(text, labels, started, "Applied", "");
  }

  /** Looks for changes from now on, in the background. */
  void start() {
    if (source.file().isPresent()) {
      loop = Loop.start("settings", this::step);
    }
  }

  Settings now() {
    return state.settings();
  }

  /** Why the file does not hold, one CamelCase word; Applied if it does. */
  String reason() {
    return state.reason();
  }

  /** The same in words; empty if it holds. */
  String problem() {
    return state.problem();
  }

  /** The Node's labels were read. */
  void labels(Map<String, String> read) {
    labels = read;
  }

  private Duration step() {
    State before = state;
    State now = next(before);
    if (!now.equals(before)) {
      state = now;
      say(before, now);
      onChange.run();
    }
    return EVERY;
  }

  private State next(State before) {
    Map<String, String> has = labels;
    String text;
    try {
      text = source.text();
      boolean rejected = before.reason().equals(REJECTED);
      if (!rejected && text.equals(before.text()) && has.equals(before.labels())) {
        return before;
      }
      SettingsFile file = source.parse(text);
      Settings wanted = source.settings(file, has);
      List<String> fixed = wanted.fixedKeysOtherThan(started);
      String problem =
          fixed.isEmpty()
              ? ""
              : "these keys have changed and hold after a restart only: "
                  + String.join(", ", fixed);
      String reason = fixed.isEmpty() ? "Applied" : "RestartNeeded";
      return new State(text, has, wanted.since(started), reason, problem);
    } catch (WrongInput e) {
      String problem = "the settings of before stay: " + e.getMessage();
      return new State(before.text(), before.labels(), before.settings(), REJECTED, problem);
    }
  }

  private static void say(State before, State now) {
    if (!now.problem().isEmpty() && !now.problem().equals(before.problem())) {
      LOG.warn("configuration: {}", now.problem());
    }
    if (!now.settings().equals(before.settings())) {
      LOG.info("configuration: changed");
    } else if (now.problem().isEmpty() && !before.problem().isEmpty()) {
      LOG.info("configuration: in order again");
    }
  }

  @Override
  public void close() {
    if (loop != null) {
      loop.close();
    }
  }
}
