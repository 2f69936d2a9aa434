package dev.lamella.extender.inspect;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lamella.extender.inspect.ClusterFlags.Output;
import java.util.List;

/** Values as JSON or YAML. */
final class Printed {

  private static final JsonInclude.Value NO_NULLS =
      JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS);

  private Printed() {}

  /** The lines of a value. */
  static List<String> lines(Object value, Output output) {
    ObjectMapper mapper =
        output == Output.json
            ? JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .defaultPropertyInclusion(NO_NULLS)
                .build()
            : YAMLMapper.builder()
                .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                .defaultPropertyInclusion(NO_NULLS)
                .build();
    try {
      return mapper.writeValueAsString(value).stripTrailing().lines().toList();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
