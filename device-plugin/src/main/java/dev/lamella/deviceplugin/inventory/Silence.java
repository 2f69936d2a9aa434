package dev.lamella.deviceplugin.inventory;

import java.util.Optional;

/**
 * Something that is there and did not answer.
 *
 * @param gpu the UUID of the GPU on which a MIG device was silent; empty if a GPU itself was, which
 *     then could not say its UUID either
 * @param why one sentence
 */
public record Silence(Optional<String> gpu, String why) {}
