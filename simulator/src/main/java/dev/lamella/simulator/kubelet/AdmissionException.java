package dev.lamella.simulator.kubelet;

/** A pod is not admitted: it fails for good, and only its controller makes a new one. */
final class AdmissionException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String reason;

  AdmissionException(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** A failure of device allocation, worded as the kubelet words it. */
  static AdmissionException allocation(String cause) {
    return new AdmissionException(
        "UnexpectedAdmissionError", "Allocate failed due to " + cause + ", which is unexpected");
  }

  /** The pod's {@code status.reason}. */
  String reason() {
    return reason;
  }
}
