package dev.lamella.extender.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lamella.core.spelling.Spelling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Reads the configuration file strictly. */
final class ConfigFile {

  private ConfigFile() {}

  /**
   * @throws WrongInput naming the file, the key and what would be right
   */
  static ExtenderConfig read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new WrongInput(file + ": cannot be read: " + e.getMessage(), e);
    }
    try {
      ExtenderConfig config = new YAMLMapper().readValue(text, ExtenderConfig.class);
      return config == null ? ExtenderConfig.DEFAULTS : config;
    } catch (UnrecognizedPropertyException e) {
      List<String> keys = e.getKnownPropertyIds().stream().map(String::valueOf).toList();
      throw new WrongInput(
          "%s: unknown key %s, did you mean %s?"
              .formatted(file, path(e), Spelling.nearest(e.getPropertyName(), keys)),
          e);
    } catch (JsonMappingException e) {
      String key = e.getPath().isEmpty() ? "" : path(e) + ": ";
      Throwable cause = e.getCause() instanceof IllegalArgumentException ? e.getCause() : e;
      throw new WrongInput(file + ": " + key + firstLine(cause), e);
    } catch (JsonProcessingException e) {
      throw new WrongInput(file + ": not YAML: " + firstLine(e), e);
    }
  }

  /** The key with those above it, such as {@code limits.maxBodyMiB}. */
  private static String path(JsonMappingException e) {
    return e.getPath().stream()
        .map(step -> step.getFieldName() == null ? "" + step.getIndex() : step.getFieldName())
        .collect(Collectors.joining("."));
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
