package dev.lamella.nvml.javacpp;

import dev.lamella.nvml.NvmlException;
import dev.lamella.nvml.NvmlStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.Loader;

/**
 * Loads the three libraries of the binding: JavaCPP's, NVML, and the JNI code that joins them.
 *
 * <p>The static fields mirror a fact about the process: a JVM loads a JNI library once and keeps
 * it. A failed load may be tried again; after a successful one another NVML library is refused.
 */
final class NativeLibraries {

  /** What the dynamic linker looks for when nothing else is said. */
  static final String SYSTEM_LIBRARY = "libnvidia-ml.so.1";

  private static final String FOLDER_HINT =
      "the folder for temporary files (java.io.tmpdir) must be writable and not mounted noexec";

  private static boolean javaCppLoaded;
  private static String bound;

  private NativeLibraries() {}

  /**
   * Binds this JVM to an NVML library.
   *
   * @param library a path, or a name for the dynamic linker to find
   * @throws NvmlException LIBRARY_NOT_FOUND if it cannot be loaded; INVALID_STATE if this JVM is
   *     bound to another one
   */
  static synchronized void bind(String library) {
    if (library.equals(bound)) {
      return;
    }
    if (bound != null) {
      throw new NvmlException(
          "dlopen",
          NvmlStatus.INVALID_STATE,
          "this JVM is bound to " + bound + " for good; start another one for " + library);
    }
    configureJavaCpp();
    Path folder = newFolder();
    try {
      load(folder, library);
      bound = library;
    } catch (IOException | UnsatisfiedLinkError e) {
      throw new NvmlException(
          "dlopen",
          NvmlStatus.LIBRARY_NOT_FOUND,
          "the binding cannot be loaded from " + folder + " (" + oneLine(e) + "); " + hint(e));
    } finally {
      delete(folder);
    }
  }

  /**
   * Must come before the first JavaCPP class. Its loader would load the CUDA runtime first, which a
   * GPU node's driver does not bring; its memory limits compare the resident size of the whole JVM
   * with the Java heap's limit and would end a daemon with a small heap; and as everything here is
   * freed where it is allocated, no thread is needed to wait for garbage.
   */
  private static void configureJavaCpp() {
    System.setProperty("org.bytedeco.javacpp.loadlibraries", "false");
    System.setProperty("org.bytedeco.javacpp.nopointergc", "true");
    System.setProperty("org.bytedeco.javacpp.maxbytes", "0");
    System.setProperty("org.bytedeco.javacpp.maxphysicalbytes", "0");
  }

  private static void load(Path folder, String library) throws IOException {
    if (!javaCppLoaded) {
      System.load(extract(folder, "javacpp", "libjnijavacpp.so").toString());
      javaCppLoaded = true;
    }
    loadNvml(library);
    // libjninvml.so needs a library named libnvidia-ml.so.1. One with that soname is loaded already
    // and satisfies it; one with another soname is found through this link ($ORIGIN is searched).
    if (library.startsWith("/")) {
      Files.createSymbolicLink(folder.resolve(SYSTEM_LIBRARY), Path.of(library));
    }
    System.load(extract(folder, "cuda", "libjninvml.so").toString());
  }

  /** Globally, so that its functions can be looked up by name before they are called. */
  private static void loadNvml(String library) {
    try {
      Loader.loadGlobal(library);
    } catch (RuntimeException | UnsatisfiedLinkError e) {
      throw new NvmlException(
          "dlopen",
          NvmlStatus.LIBRARY_NOT_FOUND,
          oneLine(e)
              + "; install NVIDIA's driver on this node, let the container runtime mount it"
              + " into this container, or name the library's path");
    }
  }

  private static Path extract(Path folder, String artifact, String library) throws IOException {
    String resource = "/org/bytedeco/" + artifact + "/" + platform() + "/" + library;
    Path file = folder.resolve(library);
    try (InputStream in = NativeLibraries.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("no resource " + resource + " on the class path");
      }
      Files.copy(in, file);
    }
    return file;
  }

  private static String platform() {
    String arch = System.getProperty("os.arch");
    return switch (arch) {
      case "amd64", "x86_64" -> "linux-x86_64";
      case "aarch64", "arm64" -> "linux-arm64";
      default -> "linux-" + arch;
    };
  }

  private static Path newFolder() {
    try {
      return Files.createTempDirectory("lamella-nvml");
    } catch (IOException e) {
      throw new NvmlException(
          "dlopen", NvmlStatus.OPERATING_SYSTEM, oneLine(e) + "; " + FOLDER_HINT);
    }
  }

  /** A mapped library outlives its file. What cannot be deleted is left to the system. */
  private static void delete(Path folder) {
    for (String name : new String[] {"libjnijavacpp.so", "libjninvml.so", SYSTEM_LIBRARY, ""}) {
      folder.resolve(name).toFile().delete();
    }
  }

  /** No driver has all that the presets know; that matters only if it is not looked up lazily. */
  private static String hint(Throwable e) {
    return oneLine(e).contains("undefined symbol")
        ? "start this program without LD_BIND_NOW in its environment"
        : FOLDER_HINT;
  }

  private static String oneLine(Throwable e) {
    return String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", " ");
  }
}
