package dev.lamella.deviceplugin.cli;

import dev.lamella.deviceplugin.config.WrongInput;
import dev.lamella.deviceplugin.inventory.NvmlSource;
import dev.lamella.nvml.Nvml;
import dev.lamella.nvml.javacpp.JavaCppNvml;
import dev.lamella.nvml.simulated.LayoutException;
import dev.lamella.nvml.simulated.LayoutFile;
import dev.lamella.nvml.simulated.NodeLayout;
import dev.lamella.nvml.simulated.SimulatedNvml;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads {@code --nvml}. */
final class NvmlFlag {

  private static final String SIMULATED = "simulated:";
  private static final String LIBRARY = "libnvidia-ml.so.1";

  /** Where distributions put the driver's libraries, below its root. */
  private static final List<String> FOLDERS =
      List.of(
          "usr/lib64",
          "usr/lib/x86_64-linux-gnu",
          "usr/lib/aarch64-linux-gnu",
          "lib64",
          "lib/x86_64-linux-gnu",
          "lib/aarch64-linux-gnu");

  private NvmlFlag() {}

  /**
   * Where NVML comes from. A library need not be there yet: the driver may be installed later. A
   * layout file must be, and must be right.
   *
   * @param value the flag's value; null if it was not given
   * @throws WrongInput in one line
   */
  static NvmlSource source(String value, Path driverRoot, Optional<String> node) {
    if (value == null) {
      return () -> open(driverRoot);
    }
    if (value.startsWith(SIMULATED)) {
      NodeLayout layout = layout(value.substring(SIMULATED.length()), node);
      return () -> SimulatedNvml.of(layout);
    }
    if (value.isBlank()) {
      throw new WrongInput("--nvml is empty, expected a library's path or simulated:FILE");
    }
    Path library = path(value);
    return () -> JavaCppNvml.open(library);
  }

  private static Nvml open(Path driverRoot) {
    Path root = driverRoot.toAbsolutePath().normalize();
    if (root.equals(root.getRoot())) {
      return JavaCppNvml.open();
    }
    Path library =
        FOLDERS.stream()
            .map(folder -> root.resolve(folder).resolve(LIBRARY))
            .filter(Files::exists)
            .findFirst()
            .orElse(root.resolve(FOLDERS.get(0)).resolve(LIBRARY));
    return JavaCppNvml.open(library);
  }

  private static NodeLayout layout(String file, Optional<String> node) {
    List<NodeLayout> nodes;
    try {
      nodes = LayoutFile.read(path(file));
    } catch (LayoutException e) {
      throw new WrongInput("--nvml: " + e.getMessage(), e);
    }
    return nodes.stream()
        .filter(layout -> node.isPresent() && layout.name().equals(node.get()))
        .findFirst()
        .orElseThrow(
            () ->
                new WrongInput(
                    "--node-name is %s, expected a node of %s: %s"
                        .formatted(
                            node.orElse("missing"),
                            file,
                            nodes.stream()
                                .map(NodeLayout::name)
                                .collect(Collectors.joining(", ")))));
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new WrongInput("--nvml: \"" + text + "\" is no path: " + e.getReason(), e);
    }
  }
}
