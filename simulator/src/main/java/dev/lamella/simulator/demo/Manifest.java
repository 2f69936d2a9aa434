package dev.lamella.simulator.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;

/**
 * One object that a user wrote.
 *
 * @param file where it stands
 * @param document which document of the file, from 1
 * @param object complete: it has apiVersion, kind and a name
 */
record Manifest(Path file, int document, ObjectNode object) {

  String apiVersion() {
    return object.path("apiVersion").asText();
  }

  String kind() {
    return object.path("kind").asText();
  }

  String name() {
    return object.at("/metadata/name").asText(object.at("/metadata/generateName").asText());
  }

  /** Empty if it names none. */
  String namespace() {
    return object.at("/metadata/namespace").asText("");
  }

  /** An error about it, such as {@code a.yaml: document 2 (Pod x): spec.containers: missing}. */
  WrongInput wrong(String message) {
    return new WrongInput(
        "%s: document %d (%s %s): %s".formatted(file, document, kind(), name(), message));
  }
}
