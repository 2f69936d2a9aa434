package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** In which form a client wants objects, from its Accept header. */
enum View {
  FULL,
  /** Metadata only: PartialObjectMetadata. */
  METADATA,
  /** A list of metadata only: PartialObjectMetadataList. */
  METADATA_LIST,
  /** What kubectl prints: a Table, with a row for each object. */
  TABLE;

  private static final String META_VERSION = "meta.k8s.io/v1";

  /**
   * The first form in an Accept header that the server can give.
   *
   * @throws StatusException 406 if there is none
   */
  static View accepted(String accept) {
    if (accept == null || accept.isBlank()) {
      return FULL;
    }
    for (String range : accept.split(",")) {
      String clause = range.replace(" ", "");
      String media = clause.split(";")[0];
      boolean json = media.equals("application/json") || media.endsWith("*");
      if (json && clause.contains(";as=PartialObjectMetadataList")) {
        return METADATA_LIST;
      }
      if (json && clause.contains(";as=PartialObjectMetadata")) {
        return METADATA;
      }
      if (json && (clause + ";").contains(";as=Table;") && (clause + ";").contains(";v=v1;")) {
        return TABLE;
      }
      if (json && !clause.contains(";as=")) {
        return FULL;
      }
    }
    throw new StatusException(
        406, "NotAcceptable", "only the following media types are accepted: application/json");
  }

  /** An object as this view shows it; never changes the object itself. */
  ObjectNode of(ObjectNode object) {
    if (this == FULL) {
      return object;
    }
    if (this == TABLE) {
      String kind = object.path("kind").asText();
      ObjectNode table = PrintedColumns.table(kind);
      table.putObject("metadata").put("resourceVersion", Meta.version(object));
      table.putArray("rows").add(PrintedColumns.row(kind, object));
      return table;
    }
    ObjectNode partial = JsonNodeFactory.instance.objectNode();
    partial.put("kind", "PartialObjectMetadata").put("apiVersion", META_VERSION);
    partial.set("metadata", object.path("metadata"));
    return partial;
  }

  /** An item of a list; built-in kinds leave out there what the list says. */
  ObjectNode item(ResourceType type, ObjectNode object) {
    if (this == TABLE) {
      return PrintedColumns.row(type.kind(), object);
    }
    if (this != FULL || type.has(ResourceType.Feature.CUSTOM)) {
      return of(object);
    }
    ObjectNode item = JsonNodeFactory.instance.objectNode();
    item.setAll(object);
    item.remove("kind");
    item.remove("apiVersion");
    return item;
  }

  ObjectNode emptyList(ResourceType type) {
    if (this == TABLE) {
      return PrintedColumns.table(type.kind());
    }
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    boolean full = this == FULL;
    list.put("kind", full ? type.kind() + "List" : "PartialObjectMetadataList");
    list.put("apiVersion", full ? type.apiVersion() : META_VERSION);
    return list;
  }

  /** The field of a list that has its items. */
  String items() {
    return this == TABLE ? "rows" : "items";
  }

  /**
   * Refuses what the request does not return.
   *
   * @throws StatusException 406 for a single object as a list, and the other way round
   */
  void check(boolean list) {
    if (this == METADATA && list || this == METADATA_LIST && !list) {
      throw new StatusException(
          406,
          "NotAcceptable",
          "you requested %s, but the requested object is %sa list"
              .formatted(
                  this == METADATA ? "PartialObjectMetadata" : "PartialObjectMetadataList",
                  list ? "" : "not "));
    }
  }
}
