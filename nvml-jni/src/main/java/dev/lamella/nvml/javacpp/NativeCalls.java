package dev.lamella.nvml.javacpp;

import dev.lamella.nvml.NvmlException;
import dev.lamella.nvml.NvmlStatus;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import org.bytedeco.cuda.nvml.nvmlDevice_st;
import org.bytedeco.cuda.nvml.nvmlEventSet_st;
import org.bytedeco.cuda.nvml.nvmlGpmSample_st;
import org.bytedeco.cuda.nvml.nvmlGpuInstance_st;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * How a function of NVML is called: only if the library has it, since calling one that it lacks
 * ends the process, and with its status turned into an exception.
 */
final class NativeCalls {

  /** Enough for every string that NVML answers (NVML_DEVICE_UUID_V2_BUFFER_SIZE is the longest). */
  private static final int TEXT_LENGTH = 96;

  private final Set<String> present = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /** A function that fills a buffer with text that ends with a zero byte. */
  interface TextCall {
    int into(byte[] buffer, int length);
  }

  /** A function that answers a handle. */
  interface HandleCall {
    int into(PointerPointer<Pointer> handle);
  }

  /** A function that answers a number. */
  interface NumberCall {
    int into(int[] number);
  }

  void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }

  /**
   * @throws NvmlException for every status but SUCCESS
   */
  void call(String function, IntSupplier call) {
    require(function, status(function, call));
  }

  void require(String function, int code) {
    NvmlStatus status = NvmlStatus.of(code);
    if (status != NvmlStatus.SUCCESS) {
      boolean unnamed = status.code() != code;
      throw new NvmlException(function, status, unnamed ? "code " + code : null);
    }
  }

  /** The status as a number, which may be one that nvml.h of this binding does not name. */
  int status(String function, IntSupplier call) {
    if (closed) {
      return NvmlStatus.UNINITIALIZED.code();
    }
    if (!has(function)) {
      throw new NvmlException(
          function, NvmlStatus.FUNCTION_NOT_FOUND, "this driver's NVML does not have it");
    }
    return call.getAsInt();
  }

  /** Whether the library has a function; only then may it be called. */
  boolean has(String function) {
    if (!present.contains(function)) {
      if (Loader.addressof(function) == null) {
        return false;
      }
      present.add(function);
    }
    return true;
  }

  String text(String function, TextCall call) {
    byte[] buffer = new byte[TEXT_LENGTH];
    call(function, () -> call.into(buffer, buffer.length));
    return text(buffer);
  }

  static String text(byte[] buffer) {
    int length = 0;
    while (length < buffer.length && buffer[length] != 0) {
      length++;
    }
    return new String(buffer, 0, length, StandardCharsets.UTF_8);
  }

  int number(String function, NumberCall call) {
    int[] number = new int[1];
    call(function, () -> call.into(number));
    return number[0];
  }

  long handle(String function, HandleCall call) {
    try (PointerPointer<Pointer> handle = new PointerPointer<>(1)) {
      call(function, () -> call.into(handle));
      return handle.get(0).address();
    }
  }

  static nvmlDevice_st device(long handle) {
    return new nvmlDevice_st(new Address(handle));
  }

  static nvmlGpuInstance_st instance(long handle) {
    return new nvmlGpuInstance_st(new Address(handle));
  }

  static nvmlEventSet_st eventSet(long handle) {
    return new nvmlEventSet_st(new Address(handle));
  }

  static nvmlGpmSample_st gpmSample(long handle) {
    return new nvmlGpmSample_st(new Address(handle));
  }

  /** A pointer that owns nothing. */
  private static final class Address extends Pointer {

    private static final long serialVersionUID = 1;

    Address(long address) {
      this.address = address;
    }
  }
}
