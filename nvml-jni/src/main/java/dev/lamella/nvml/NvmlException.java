package dev.lamella.nvml;

/** An NVML call that did not answer SUCCESS. */
public class NvmlException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String call;
  private final NvmlStatus status;

  /**
   * @param call the function's name, such as {@code nvmlDeviceGetUUID}
   */
  public NvmlException(String call, NvmlStatus status) {
    this(call, status, null);
  }

  /**
   * @param detail what the status does not say, or null
   */
  public NvmlException(String call, NvmlStatus status, String detail) {
    super(
        "%s: %s (%d)%s"
            .formatted(call, status, status.code(), detail == null ? "" : ", " + detail));
    this.call = call;
    this.status = status;
  }

  /** The function's name. */
  public String call() {
    return call;
  }

  public NvmlStatus status() {
    return status;
  }
}
