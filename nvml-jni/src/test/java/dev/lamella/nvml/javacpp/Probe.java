package dev.lamella.nvml.javacpp;

import dev.lamella.nvml.Nvml;
import dev.lamella.nvml.NvmlException;
import java.nio.file.Path;

/**
 * A program for a JVM of its own: opens NVML (of the path given, else the system's) and prints, one
 * line each, what some calls answer or the message of their exception.
 */
final class Probe {

  private interface Answer {
    Object get();
  }

  private Probe() {}

  public static void main(String[] args) {
    try (Nvml nvml = args.length == 0 ? JavaCppNvml.open() : JavaCppNvml.open(Path.of(args[0]))) {
      print(nvml::driverVersion);
      print(() -> nvml.memory(nvml.device(0)).total());
      print(() -> nvml.uuid(nvml.device(0)));
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
