package dev.lamella.simulator.kubelet;

import io.grpc.Status;
import java.util.Locale;

/** A call to a device plugin failed; the message has the form in which the kubelet shows it. */
final class DevicePluginException extends Exception {

  private static final long serialVersionUID = 1L;

  DevicePluginException(String message) {
    super(message);
  }

  /** The failure as Go's gRPC prints it, since this is what lands in the pod's status. */
  static DevicePluginException of(Status status) {
    String description = status.getDescription() == null ? "" : status.getDescription();
    return new DevicePluginException(
        "rpc error: code = " + camelCase(status.getCode().name()) + " desc = " + description);
  }

  private static String camelCase(String code) {
    StringBuilder words = new StringBuilder();
    for (String word : code.split("_")) {
      words.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return words.toString();
  }
}
