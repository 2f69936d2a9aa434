package dev.lamella.deviceplugin.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lamella.deviceplugin.naming.MigStrategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsFileTest {

  @TempDir Path dir;

  private Settings read(String yaml) throws IOException {
    return SettingsFile.read(Files.writeString(dir.resolve("config.yaml"), yaml))
        .of(Optional.of("gpu-a"), Map.of("pool", "batch"));
  }

  @Test
  void sharesAreFourUnlessSaidOtherwise() throws IOException {
    assertThat(Settings.defaults().sharesOf("1g.5gb")).isEqualTo(4);
    assertThat(read("# nothing\n")).isEqualTo(Settings.defaults());

    Settings settings = read("shares: {default: 8, 1g.5gb: 2, 1g.5gb+me: 1, gpu: 16}");

    assertThat(settings.sharesOf("3g.20gb")).isEqualTo(8);
    assertThat(settings.sharesOf("1g.5gb")).isEqualTo(2);
    assertThat(settings.sharesOf("1g.5gb+me")).isEqualTo(1);
    assertThat(settings.sharesOf("gpu")).isEqualTo(16);
  }

  @Test
  void xidsThatApplicationsCauseDoNotMatterUnlessTheFileSaysSo() throws IOException {
    HealthSettings without = Settings.defaults().health();
    assertThat(without.recoverAfterSeconds()).isEqualTo(300);
    assertThat(without.matters(79)).isTrue();
    assertThat(List.of(13, 31, 43, 45, 68, 109)).noneMatch(xid -> without.matters(xid));

    HealthSettings read =
        read("health: {recoverAfterSeconds: 0, ignoreXids: [79, 48], watchXids: [31]}").health();

    assertThat(read.recoverAfterSeconds()).isZero();
    assertThat(List.of(79, 48, 13)).noneMatch(xid -> read.matters(xid));
    assertThat(List.of(31, 94)).allMatch(xid -> read.matters(xid));
  }

  @Test
  void entriesForSomeNodesReplaceWhatTheyNameAndNothingElse() throws IOException {
    String yaml =
        """
        shares: {default: 4, 1g.5gb: 2}
        health: {recoverAfterSeconds: 60, ignoreXids: [94]}
        nodes:
        - {names: [gpu-a, gpu-b], shares: {1g.5gb: 7}}
        - {labels: {pool: batch}, health: {ignoreXids: [63]}, migStrategy: single}
        - {names: [gpu-a], labels: {pool: serving}, shares: {default: 16}}
        """;

    Settings settings = read(yaml);

    assertThat(settings.sharesOf("1g.5gb")).isEqualTo(7);
    assertThat(settings.sharesOf("3g.20gb")).isEqualTo(4);
    assertThat(settings.health()).isEqualTo(new HealthSettings(60, Set.of(63), Set.of()));
    assertThat(settings.migStrategy()).isEqualTo(MigStrategy.SINGLE);
    Settings elsewhere =
        SettingsFile.read(dir.resolve("config.yaml")).of(Optional.of("gpu-c"), Map.of());
    assertThat(elsewhere.sharesOf("1g.5gb")).isEqualTo(2);
    assertThat(elsewhere.migStrategy()).isEqualTo(MigStrategy.MIXED);
  }

  @Test
  void entriesThatFitOnlyApartAreRefusedWhereTheyMeet() throws IOException {
    assertThatThrownBy(
            () ->
                read(
                    "nodes: [{names: [gpu-a], health: {ignoreXids: [1]}},"
                        + " {labels: {pool: batch}, health: {watchXids: [1]}}]"))
        .hasMessageContaining("health.ignoreXids and health.watchXids both name 1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "migStrategy: singel | migStrategy is \"singel\", expected mixed, single or none",
        "migStrategy: 1       | migStrategy is 1, expected a word",
        "alsoListed: [big]    | alsoListed: \"big\" is no profile; expected one such as 3g.39gb",
        "deviceListStrategies: [] | deviceListStrategies is empty, expected one or more of envvar",
        "deviceListStrategies: [cdi] | deviceListStrategies is \"cdi\", expected envvar,",
        "passDeviceSpecs: 1   | passDeviceSpecs is 1, expected true or false",
        "nodes: {a: 1}        | nodes is {\"a\":1}, expected a list of entries with names or labels",
        "nodes: [{shares: {gpu: 1}}] | nodes[0] names no nodes, expected names or labels",
        "nodes: [{names: [a], labls: {a: b}}] | unknown key \"nodes[0].labls\"; the nearest valid one"
            + " is \"nodes[0].labels\"",
        "nodes: [{names: [b], shares: {gpu: 0}}] | shares.gpu is 0, expected 1 to 16",
        "nodes: [{labels: {a: 1}}] | nodes[0].labels is {\"a\":1}, expected words by name",
        "share: {default: 2}          | unknown key \"share\"; the nearest valid one is \"shares\"",
        "driver: {everySecond: 5}     | unknown key \"driver.everySecond\"; the nearest valid one is"
            + " \"driver.everySeconds\"",
        "driver: {everySeconds: 0}    | driver.everySeconds is 0, expected 1 or more",
        "driver: 5                    | driver is 5, expected keys such as everySeconds",
        "health: {ignoreXids: 79}     | health.ignoreXids is 79, expected a list of whole numbers",
        "health: {watchXids: [a]}     | health.watchXids is \"a\", expected a whole number",
        "health: {recoverAfterSeconds: -1} | health.recoverAfterSeconds is -1, expected 0",
        "health: {ignoreXids: [1], watchXids: [1]} | health.ignoreXids and health.watchXids both",
        "shares: 4                    | shares is 4, expected profiles with numbers",
        "shares: {1g.5gb: four}       | shares.1g.5gb is \"four\", expected a whole number",
        "shares: {1g.5gb: 2.5}        | shares.1g.5gb is 2.5, expected a whole number",
        "shares: {1g.5gb: 0}          | shares.1g.5gb is 0, expected 1 to 16",
        "shares: {gpu: 17}            | shares.gpu is 17, expected 1 to 16",
        "shares: {big: 2}             | shares.big: no profile; expected one such as 1g.5gb",
        "[1]                          | expected keys such as shares, found [1]",
        "shares: {gpu: 1, gpu: 2}     | no YAML: Duplicate field 'gpu'",
        "shares: {                    | no YAML: ",
      })
  void refusesWhatItDoesNotKnow(String yaml, String message) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(WrongInput.class)
        .message()
        .startsWith(dir.resolve("config.yaml") + ": " + message)
        .doesNotContain("\n");
  }
}
