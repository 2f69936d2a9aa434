package dev.lamella.extender.rehearsal;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What is asked in a rehearsal, about the nodes of the {@link Stage}. */
final class Script {

  /** After so many of them, what is asked of each request is compiled. */
  static final int ROUNDS = 300;

  /**
   * A request, as bytes of HTTP.
   *
   * @param what it is, for people
   * @param expected what stands in the right answer
   */
  record Question(String what, byte[] request, String expected) {
    @Override
    public String toString() {
      return what;
    }
  }

  private Script() {}

  static List<Question> questions() {
    String whole = args(pod("first", Stage.WHOLE, 1), names());
    String shares = args(pod("second", Stage.SHARE, 2), names());
    String tooMany = args(pod("first", Stage.WHOLE, 1_000), names());
    return List.of(
        question("filter", whole, "\"NodeNames\":[\"" + Stage.name(0)),
        question("prioritize", whole, "\"Score\":10"),
        question("filter", shares, "\"NodeNames\":[\"" + Stage.name(0)),
        question("prioritize", shares, "\"Score\":10"),
        question("filter", tooMany, "\"NodeNames\":[]"),
        question("filter", args(pod("first", Stage.WHOLE, 1), objects()), "\"items\":[{"),
        question("preempt", preemption(pod("first", Stage.WHOLE, 1)), Stage.name(1)),
        question("bind", binding(), "\"Error\":\"nothing"));
  }

  private static Question question(String verb, String body, String expected) {
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    String head =
        """
        POST /%s HTTP/1.1\r
        Host: rehearsal\r
        User-Agent: Go-http-client/1.1\r
        Content-Type: application/json\r
        Accept-Encoding: gzip\r
        Content-Length: %d\r
        \r
        """
            .formatted(verb, content.length);
    byte[] bytes = (head + body).getBytes(StandardCharsets.UTF_8);
    return new Question(verb, bytes, expected);
  }

  private static String pod(String namespace, String resource, int count) {
    return """
        {"metadata":{"name":"p","generateName":"p-","namespace":"%s","uid":"rehearsed",\
        "resourceVersion":"1","labels":{"app":"p"},"annotations":{"note":"none"},\
        "ownerReferences":[{"kind":"ReplicaSet","name":"p","uid":"r","controller":true}]},\
        "spec":{"schedulerName":"default-scheduler","priority":0,"containers":[{"name":"main",\
        "image":"app","resources":{"limits":{"cpu":"1","%s":"%d"},"requests":{"cpu":"1",\
        "%s":"%d"}}}]},"status":{"phase":"Pending"}}"""
        .formatted(namespace, resource, count, resource, count);
  }

  private static String args(String pod, String nodes) {
    return "{\"Pod\":%s,%s}".formatted(pod, nodes);
  }

  private static String names() {
    return each("\"%s\"", "\"Nodes\":null,\"NodeNames\":[", "]");
  }

  private static String objects() {
    String node = "{\"metadata\":{\"name\":\"%s\",\"labels\":{\"zone\":\"a\"}},\"spec\":{}}";
    return each(node, "\"Nodes\":{\"metadata\":{},\"items\":[", "]},\"NodeNames\":null");
  }

  private static String preemption(String pod) {
    return each(
        "\"%s\":{\"Pods\":[{\"UID\":\"x\"}],\"NumPDBViolations\":0}",
        "{\"Pod\":" + pod + ",\"NodeNameToMetaVictims\":{", "}}");
  }

  private static String each(String form, String start, String end) {
    return IntStream.range(0, Stage.NODES)
        .mapToObj(i -> form.formatted(Stage.name(i)))
        .collect(Collectors.joining(",", start, end));
  }

  private static String binding() {
    return """
        {"PodName":"p","PodNamespace":"first","PodUID":"rehearsed","Node":"%s"}"""
        .formatted(Stage.name(0));
  }
}
