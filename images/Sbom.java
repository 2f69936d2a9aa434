import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Makes the bill of materials of an image out of the one of a program: without the other
 * architecture's native code, with the packages of the base. Arguments: the program's, the classifier
 * to leave out, the base's folder of package entries (which may be missing), the result.
 */
public class Sbom {

  private static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] args) throws IOException {
    ObjectNode bom = (ObjectNode) JSON.readTree(Path.of(args[0]).toFile());
    String foreign = "classifier=" + args[1] + "&";
    drop((ArrayNode) bom.path("components"), component -> component.path("purl"), foreign);
    for (JsonNode dependency : bom.path("dependencies")) {
      if (dependency.has("dependsOn")) {
        drop((ArrayNode) dependency.path("dependsOn"), name -> name, foreign);
      }
    }
    drop((ArrayNode) bom.path("dependencies"), dependency -> dependency.path("ref"), foreign);
    for (Path entry : entries(Path.of(args[2]))) {
      ((ArrayNode) bom.path("components")).add(component(fields(entry)));
    }
    // Another list than the program's, so it has a number of its own, which follows from what it says.
    byte[] content = JSON.writeValueAsBytes(bom);
    bom.put("serialNumber", "urn:uuid:" + UUID.nameUUIDFromBytes(content));
    DefaultPrettyPrinter lines = new DefaultPrettyPrinter();
    lines.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
    Files.writeString(Path.of(args[3]), JSON.writer(lines).writeValueAsString(bom) + "\n");
  }

  private interface Name {
    JsonNode of(JsonNode element);
  }

  private static void drop(ArrayNode from, Name name, String foreign) {
    for (Iterator<JsonNode> it = from.iterator(); it.hasNext(); ) {
      if (name.of(it.next()).asText().contains(foreign)) {
        it.remove();
      }
    }
  }

  private static List<Path> entries(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return new ArrayList<>(files.sorted().toList());
    }
  }

  private static Map<String, String> fields(Path entry) throws IOException {
    Map<String, String> fields = new TreeMap<>();
    for (String line : Files.readAllLines(entry)) {
      int colon = line.indexOf(": ");
      if (colon > 0 && !line.startsWith(" ")) {
        fields.put(line.substring(0, colon), line.substring(colon + 2));
      }
    }
    return fields;
  }

  private static ObjectNode component(Map<String, String> fields) {
    String name = fields.get("Package");
    String version = fields.get("Version");
    String purl =
        "pkg:deb/debian/%s@%s?arch=%s&distro=debian-12"
            .formatted(
                URLEncoder.encode(name, StandardCharsets.UTF_8),
                URLEncoder.encode(version, StandardCharsets.UTF_8),
                fields.get("Architecture"));
    return JSON.createObjectNode()
        .put("type", "library")
        .put("bom-ref", purl)
        .put("name", name)
        .put("version", version)
        .put("purl", purl);
  }
}
