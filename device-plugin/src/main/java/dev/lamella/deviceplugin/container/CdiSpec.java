package dev.lamella.deviceplugin.container;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * The CDI spec of the node's slices, one device each, named by UUID.
 *
 * <p>Source: the Container Device Interface's specification, version 0.6.0.
 */
final class CdiSpec {

  static final String KIND = "lamella.dev/gpu";

  private static final String VERSION = "0.6.0";
  private static final String HOOK = "/usr/bin/nvidia-ctk";
  private static final JsonMapper JSON = new JsonMapper();

  private final Path file;
  private final Path driverRoot;
  private final Path hostDriverRoot;
  private byte[] written = new byte[0];

  CdiSpec(HostFiles files) {
    this.file = file(files.cdiDir());
    this.driverRoot = files.driverRoot();
    this.hostDriverRoot = files.hostDriverRoot();
  }

  private static Path file(Path cdiDir) {
    return cdiDir.resolve("lamella.dev-gpu.json");
  }

  /**
   * Replaces the file in one step, if what it says has changed.
   *
   * @throws IOException if it cannot be written
   */
  void write(DeviceNodes nodes, String driverVersion) throws IOException {
    if (nodes.bySlice().isEmpty()) {
      // A spec without devices is invalid.
      remove();
      return;
    }
    byte[] text =
        JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(spec(nodes, driverVersion));
    if (Arrays.equals(text, written) && Files.exists(file)) {
      return;
    }
    Files.createDirectories(file.getParent());
    // Runtimes read *.json and *.yaml only: a half-written file is none of them.
    Path next = file.resolveSibling("." + file.getFileName() + ".next");
    Files.write(next, text);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    written = text;
  }

  void remove() throws IOException {
    Files.deleteIfExists(file);
    written = new byte[0];
  }

  private ObjectNode spec(DeviceNodes nodes, String driverVersion) throws IOException {
    ObjectNode spec = JSON.createObjectNode().put("cdiVersion", VERSION).put("kind", KIND);
    ArrayNode devices = spec.putArray("devices");
    new TreeMap<>(nodes.bySlice())
        .forEach(
            (slice, paths) ->
                deviceNodes(
                    devices.addObject().put("name", slice).putObject("containerEdits"), paths));
    ObjectNode common = spec.putObject("containerEdits");
    // Keeps NVIDIA's runtime, where it is the default one, from adding every GPU.
    common.putArray("env").add("NVIDIA_VISIBLE_DEVICES=void");
    if (!nodes.control().isEmpty()) {
      deviceNodes(common, nodes.control());
    }
    DriverFiles files = DriverFiles.find(driverRoot, driverVersion);
    libraries(common, files);
    return spec;
  }

  private static void deviceNodes(ObjectNode edits, List<String> paths) {
    ArrayNode nodes = edits.putArray("deviceNodes");
    paths.forEach(path -> nodes.addObject().put("path", path));
  }

  private void libraries(ObjectNode edits, DriverFiles files) {
    if (files.libraries().isEmpty()) {
      return;
    }
    ArrayNode mounts = edits.putArray("mounts");
    for (String library : files.libraries()) {
      ObjectNode mount = mounts.addObject();
      mount.put("hostPath", hostDriverRoot.resolve(library.substring(1)).toString());
      mount.put("containerPath", library);
      List.of("ro", "nosuid", "nodev", "bind").forEach(mount.withArray("options")::add);
    }
    if (Files.exists(driverRoot.resolve(HOOK.substring(1)))) {
      ObjectNode hook = edits.putArray("hooks").addObject();
      hook.put("hookName", "createContainer");
      hook.put("path", hostDriverRoot.resolve(HOOK.substring(1)).toString());
      ArrayNode args = hook.putArray("args").add("nvidia-ctk").add("hook").add("update-ldcache");
      files.folders().forEach(folder -> args.add("--folder").add(folder));
    }
  }
}
