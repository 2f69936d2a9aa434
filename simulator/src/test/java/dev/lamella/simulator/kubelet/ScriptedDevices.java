package dev.lamella.simulator.kubelet;

import dev.lamella.proto.deviceplugin.v1beta1.ContainerAllocateResponse;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A plugin in memory whose answers are set by the test, and which keeps what it was asked. */
final class ScriptedDevices implements DevicePlugin {

  final String resource;
  final List<String> calls = new ArrayList<>();
  List<String> preference = List.of();
  List<String> lastMustInclude = List.of();
  String refusePreference;
  String refuseAllocate;

  ScriptedDevices(String resource) {
    this.resource = resource;
  }

  @Override
  public boolean givesPreference() {
    return true;
  }

  @Override
  public List<String> preferred(List<String> available, List<String> mustInclude, int size)
      throws DevicePluginException {
    calls.add("preferred " + resource);
    lastMustInclude = mustInclude;
    fail(refusePreference);
    return preference;
  }

  @Override
  public Optional<ContainerAllocateResponse> allocate(List<String> ids)
      throws DevicePluginException {
    calls.add("allocate " + resource);
    fail(refuseAllocate);
    return Optional.of(
        ContainerAllocateResponse.newBuilder().putEnvs("IDS", String.join(",", ids)).build());
  }

  private static void fail(String why) throws DevicePluginException {
    if (why != null) {
      throw DevicePluginException.of(Status.UNKNOWN.withDescription(why));
    }
  }
}
