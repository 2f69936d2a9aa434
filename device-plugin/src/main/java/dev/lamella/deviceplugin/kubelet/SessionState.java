package dev.lamella.deviceplugin.kubelet;

/**
 * Whether the kubelet can be served.
 *
 * @param serving whether every pool is served and registered
 * @param reason one CamelCase word
 * @param message what is wrong, or what is served
 */
public record SessionState(boolean serving, String reason, String message) {

  static final SessionState STARTING =
      new SessionState(false, "Starting", "not registered with the kubelet yet");
}
