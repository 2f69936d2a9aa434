package dev.lamella.deviceplugin.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
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
