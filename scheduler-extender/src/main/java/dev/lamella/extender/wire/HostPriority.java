package dev.lamella.extender.wire;

import com.fasterxml.jackson.annotation.JsonProperty;

/** One node's score of 0..10. */
public record HostPriority(@JsonProperty("Host") String host, @JsonProperty("Score") long score) {}
