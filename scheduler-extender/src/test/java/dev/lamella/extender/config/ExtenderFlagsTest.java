package dev.lamella.extender.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExtenderFlagsTest {

  @TempDir Path dir;

  @Test
  void hasDefaults() {
    ExtenderFlags flags = ExtenderFlags.parse().orElseThrow();

    assertThat(flags.listen().getPort()).isEqualTo(8888);
    assertThat(flags.kubeconfig()).isEmpty();
    assertThat(flags.config()).isEqualTo(new ExtenderConfig(32, 64, "pack", null));
  }

  @ParameterizedTest
  @CsvSource({
    "--listne=x,        --listne",
    "--listen=8888,     '--listen is 8888, expected HOST:PORT'",
    "--listen=a:b,      '--listen is a:b, expected HOST:PORT'",
    "--kubeconfig,      --kubeconfig",
  })
  void namesAWrongFlagInOneLine(String flag, String message) {
    assertThatThrownBy(() -> ExtenderFlags.parse(flag))
        .isInstanceOf(WrongInput.class)
        .hasMessageContaining(message)
        .message()
        .hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "maxBodyMb: 3        | unknown key maxBodyMb, did you mean maxBodyMiB?",
        "maxBodyMiB: 0       | maxBodyMiB is 0, expected 1 to 1024",
        "maxBodyMiB: lots    | maxBodyMiB",
        "placementPolicy: tight | placementPolicy is tight, expected one of [pack, spread, fragmentation]",
        "'{'                 | not YAML",
      })
  void namesAWrongKeyInOneLine(String yaml, String message) throws Exception {
    Path file = Files.writeString(dir.resolve("config.yaml"), yaml.replace("'", ""));
    ExtenderFlags flags = ExtenderFlags.parse("--config", file.toString()).orElseThrow();

    assertThatThrownBy(flags::config)
        .isInstanceOf(WrongInput.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(message)
        .message()
        .hasLineCount(1);
  }

  @Test
  void namesAFileThatIsNotThere() {
    ExtenderFlags flags = ExtenderFlags.parse("--config", "/no/such/file").orElseThrow();

    assertThatThrownBy(flags::config)
        .isInstanceOf(WrongInput.class)
        .hasMessageContaining("/no/such/file: cannot be read");
  }
}
