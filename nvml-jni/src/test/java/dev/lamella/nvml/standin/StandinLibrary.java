package dev.lamella.nvml.standin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Compiles the stand-in; gcc must be on the PATH. */
public final class StandinLibrary {

  private static final String SOURCE = "nvml_standin.c";
  private static final String HEADER = "nvml_standin_world.h";

  private StandinLibrary() {}

  /**
   * The library that all tests of one JVM share, since a JVM is bound to the first one it opens. It
   * lies below the module's target folder and is compiled at the first call.
   */
  public static Path shared() {
    return Shared.LIBRARY;
  }

  /**
   * Compiles a library with NVIDIA's soname.
   *
   * @param without functions that it shall not have
   * @return the library; its control file is written by {@link StandinControl#writeFor}
   */
  public static Path compile(Path dir, String... without) {
    return compile(dir, "libnvidia-ml.so.1", List.of(without));
  }

  /** Compiles a library whose file name and soname are given. */
  public static Path compileAs(Path dir, String soname) {
    return compile(dir, soname, List.of());
  }

  private static Path compile(Path dir, String soname, List<String> without) {
    try {
      Files.createDirectories(dir);
      Path source = dir.resolve(SOURCE);
      copy(SOURCE, dir);
      copy(HEADER, dir);
      Path library = dir.resolve(soname).toAbsolutePath().normalize();
      List<String> command = new ArrayList<>(List.of("gcc", "-Wall", "-Wextra", "-Werror", "-O1"));
      without.forEach(function -> command.add("-D" + function + "=without_" + function));
      command.addAll(List.of("-shared", "-fPIC", "-Wl,-soname," + soname));
      command.addAll(List.of("-o", library.toString(), source.toString(), "-lpthread"));
      gcc(command, dir.resolve("gcc.log"));
      return library;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(String resource, Path dir) throws IOException {
    try (InputStream in = StandinLibrary.class.getResourceAsStream(resource)) {
      Files.copy(in, dir.resolve(resource), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void gcc(List<String> command, Path log) throws IOException {
    Process gcc;
    try {
      gcc =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
    } catch (IOException e) {
      throw new AssertionError("gcc is needed on the PATH to compile the stand-in for NVML", e);
    }
    try {
      if (!gcc.waitFor(60, TimeUnit.SECONDS)) {
        gcc.destroyForcibly();
        throw new AssertionError("gcc did not end within 60 s: " + command);
      }
    } catch (InterruptedException e) {
      gcc.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while compiling the stand-in", e);
    }
    if (gcc.exitValue() != 0) {
      throw new AssertionError(command + " failed:\n" + Files.readString(log));
    }
  }

  private static final class Shared {
    static final Path LIBRARY = compile(Path.of("target", "nvml-standin"));
  }
}
