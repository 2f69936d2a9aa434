package dev.lamella.deviceplugin.report;

/**
 * What the report says of one matter.
 *
 * @param type of the condition, one CamelCase word
 * @param holds whether what the type says is so
 * @param reason one CamelCase word
 */
public record Statement(String type, boolean holds, String reason, String message) {

  /** A matter that is in order as long as there is nothing to say about it. */
  public static Statement unless(String message, String type, String right, String wrong) {
    boolean holds = message.isEmpty();
    return new Statement(type, holds, holds ? right : wrong, message);
  }
}
