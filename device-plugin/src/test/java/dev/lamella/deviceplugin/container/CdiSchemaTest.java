package dev.lamella.deviceplugin.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.lamella.deviceplugin.inventory.Inventory;
import dev.lamella.deviceplugin.inventory.SliceAddress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written against the Container Device Interface's specification, as a JSON schema. */
class CdiSchemaTest {

  @TempDir Path dir;

  private String write(boolean mig) throws IOException {
    for (String file :
        List.of("usr/lib64/libcuda.so.575.57.08", "usr/lib64/libcuda.so.1", "usr/bin/nvidia-ctk")) {
      touch("driver/" + file, "");
    }
    touch("proc/driver/nvidia-caps/mig-minors", "gpu0/gi1/access 12\ngpu0/gi1/ci0/access 13\n");
    touch("dev/nvidiactl", "");
    OptionalInt gi = mig ? OptionalInt.of(1) : OptionalInt.empty();
    OptionalInt ci = mig ? OptionalInt.of(0) : OptionalInt.empty();
    String uuid = mig ? "MIG-7c2a5d1e-0000-5000-8000-000000000001" : "GPU-1";
    Inventory node =
        new Inventory(
            "575.57.08",
            List.of(),
            Map.of(uuid, new SliceAddress("GPU-1", OptionalInt.of(0), gi, ci)),
            List.of(),
            List.of(),
            Map.of());
    HostFiles files =
        new HostFiles(
            dir.resolve("cdi"),
            false,
            dir.resolve("driver"),
            Path.of("/run/nvidia/driver"),
            dir.resolve("proc"),
            dir.resolve("dev"));
    Delivery delivery = new Delivery(Set.of(ListStrategy.CDI_CRI), false);
    try (Injector injector = new Injector(files, delivery)) {
      injector.update(node, delivery);
    }
    return Files.readString(dir.resolve("cdi/lamella.dev-gpu.json"));
  }

  private void touch(String name, String text) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static List<Error> errors(String spec) throws IOException {
    try (InputStream text = CdiSchemaTest.class.getResourceAsStream("/cdi-0.6.0.schema.json")) {
      Schema schema =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
              .getSchema(new String(text.readAllBytes(), StandardCharsets.UTF_8));
      return schema.validate(spec, InputFormat.JSON);
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void theSpecIsValid(boolean mig) throws IOException {
    assertThat(errors(write(mig))).isEmpty();
  }

  @Test
  void theSpecNamesTheDriversFilesWhereTheHostHasThem() throws IOException {
    assertThat(write(true))
        .contains("\"hostPath\" : \"/run/nvidia/driver/usr/lib64/libcuda.so.575.57.08\"")
        .contains("\"containerPath\" : \"/usr/lib64/libcuda.so.575.57.08\"")
        .contains("\"path\" : \"/run/nvidia/driver/usr/bin/nvidia-ctk\"")
        .doesNotContain(dir.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"kind\" : \"lamella.dev/gpu\"    | \"kind\" : \"gpu\"",
        "\"cdiVersion\" : \"0.6.0\"         | \"cdiVersion\" : \"latest\"",
        "\"name\" : \"MIG-                 | \"name\" : \"/MIG-",
        "\"path\" : \"/dev/nvidia0\"        | \"type\" : \"c\"",
        "\"NVIDIA_VISIBLE_DEVICES=void\"    | \"NVIDIA_VISIBLE_DEVICES\"",
        "\"hookName\" : \"createContainer\" | \"hookName\" : \"create\"",
        "\"options\" :                      | \"option\" :",
      })
  void whatTheSpecificationForbidsIsFound(String right, String wrong) throws IOException {
    String spec = write(true);
    assertThat(spec).contains(right);

    assertThat(errors(spec.replace(right, wrong))).isNotEmpty();
  }
}
