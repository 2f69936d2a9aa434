package dev.lamella.deviceplugin.container;

import java.util.List;
import java.util.Map;

/**
 * What one container is given.
 *
 * @param environment variables by name
 * @param mounts host paths by container path
 * @param deviceNodes paths of device nodes, each once
 * @param annotations by key
 * @param cdiDevices fully qualified names of CDI devices
 */
public record Injection(
    Map<String, String> environment,
    Map<String, String> mounts,
    List<String> deviceNodes,
    Map<String, String> annotations,
    List<String> cdiDevices) {}
