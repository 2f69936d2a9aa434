package dev.lamella.extender.wire;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What bind answers.
 *
 * @param error empty if the pod is bound
 */
public record BindingResult(@JsonProperty("Error") String error) {}
