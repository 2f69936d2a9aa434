package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a request is answered with. */
record Answer(int code, ObjectNode body) {

  static Answer ok(ObjectNode body) {
    return new Answer(200, body);
  }

  static Answer created(ObjectNode body) {
    return new Answer(201, body);
  }

  /** A Status that says Success. */
  static ObjectNode success() {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
    return status.put("status", "Success");
  }
}
