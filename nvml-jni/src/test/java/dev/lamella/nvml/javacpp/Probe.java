package dev.lamella.nvml.javacpp;

import dev.lamella.nvml.Nvml;
import dev.lamella.nvml.NvmlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * A program for a JVM of its own: opens NVML (of the path given, else the system's) and prints, one
 * line each, what some calls answer or the message of their exception. With a second argument it
 * opens and closes the event source, too; with a third it asks who uses the GPU instead. With
 * PROBE_MOVES and PROBE_TO in the environment it moves that file after its work and does all of it
 * again.
 */
final class Probe {

  private interface Answer {
    Object get();
  }

  private Probe() {}

  public static void main(String[] args) throws IOException {
    report(args);
    String later = System.getenv("PROBE_MOVES");
    if (later != null) {
      Files.move(Path.of(later), Path.of(System.getenv("PROBE_TO")));
      report(args);
    }
  }

  private static void report(String[] args) {
    try (Nvml nvml = args.length == 0 ? JavaCppNvml.open() : JavaCppNvml.open(Path.of(args[0]))) {
      print(nvml::driverVersion);
      print(() -> nvml.memory(nvml.device(0)).total());
      print(() -> nvml.uuid(nvml.device(0)));
      if (args.length > 2) {
        print(() -> nvml.computeProcesses(nvml.device(0)));
        print(() -> nvml.powerMilliwatts(nvml.device(0)));
        print(() -> nvml.temperature(nvml.device(0)));
        print(() -> nvml.utilization(nvml.device(0)));
        print(() -> nvml.supportsGpm(nvml.device(0)));
        print(() -> nvml.gpmSample(nvml.device(0), OptionalInt.empty()));
      } else if (args.length > 1) {
        nvml.openEvents().close();
      }
    } catch (NvmlException e) {
      System.out.println(e.getMessage());
    }
  }

  private static void print(Answer answer) {
    try {
      System.out.println(answer.get());
    } catch (NvmlException e) {
      System.out.println(e.getMessage());
    }
  }
}
