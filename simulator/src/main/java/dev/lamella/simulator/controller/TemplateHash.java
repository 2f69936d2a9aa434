package dev.lamella.simulator.controller;

import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1PodTemplateSpec;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** The part of a ReplicaSet's name that tells templates apart. */
final class TemplateHash {

  /** As upstream: digits are written in letters that form no words. */
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

  private TemplateHash() {}

  /** Equal templates have equal hashes; the value is not upstream's, which hashes Go structs. */
  static String of(V1PodTemplateSpec template) {
    CRC32 crc = new CRC32();
    crc.update(JSON.serialize(template).getBytes(StandardCharsets.UTF_8));
    StringBuilder hash = new StringBuilder();
    Long.toString(crc.getValue())
        .chars()
        .forEach(c -> hash.append(ALPHABET.charAt(c % ALPHABET.length())));
    return hash.toString();
  }
}
