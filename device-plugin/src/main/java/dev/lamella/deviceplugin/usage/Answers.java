package dev.lamella.deviceplugin.usage;

import dev.lamella.nvml.NvmlException;
import dev.lamella.nvml.NvmlStatus;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Questions to NVML that may fail, each for itself. What a driver says that it cannot tell of a
 * device it is not asked again until it is opened anew. For one thread.
 */
final class Answers {

  private final Set<String> hopeless = new HashSet<>();

  /**
   * @param what the question, of which device
   * @throws NvmlException if the driver was replaced or a GPU was lost: look anew
   */
  <T> Optional<T> ask(String what, Supplier<T> question) {
    if (hopeless.contains(what)) {
      return Optional.empty();
    }
    try {
      return Optional.of(question.get());
    } catch (NvmlException e) {
      if (e.status() == NvmlStatus.LIB_RM_VERSION_MISMATCH) {
        throw e;
      }
      if (e.status() == NvmlStatus.NOT_SUPPORTED || e.status() == NvmlStatus.FUNCTION_NOT_FOUND) {
        hopeless.add(what);
      }
      return Optional.empty();
    }
  }

  void forget() {
    hopeless.clear();
  }
}
