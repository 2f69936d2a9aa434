package dev.lamella.extender.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SameStringsTest {

  /** As objects have them. */
  private record Texts(List<String> all, String one) {}

  private final JsonMapper json =
      JsonMapper.builder()
          .addModule(new SimpleModule().addDeserializer(String.class, new SameStrings()))
          .build();

  @Test
  void aShortStringThatComesAgainIsTheSameObject() throws Exception {
    Texts first = json.readValue("{\"all\":[\"1g.5gb\"],\"one\":\"1g.5gb\"}", Texts.class);
    Texts again =
        json.treeToValue(json.readTree("{\"all\":[\"1g.5gb\"],\"one\":\"1g.5gb\"}"), Texts.class);

    assertThat(first.one()).isSameAs(again.one());
    assertThat(again.all().get(0)).isEqualTo("1g.5gb").isSameAs(first.one());
  }

  @Test
  void everyStringIsReadAsItStands() throws Exception {
    List<String> all = IntStream.range(0, 20_000).mapToObj(i -> "s".repeat(i % 50) + i).toList();

    assertThat(json.readValue(json.writeValueAsBytes(new Texts(all, null)), Texts.class))
        .isEqualTo(new Texts(all, null));
    assertThat(json.readValue("{\"one\":7}", Texts.class).one()).isEqualTo("7");
  }
}
