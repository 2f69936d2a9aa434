package dev.lamella.simulator.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.proto.deviceplugin.v1beta1.Device;
import dev.lamella.simulator.kube.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Runs the lines of {@link DeviceAllocatorTest} against a device manager. */
final class DeviceTable {

  private final ManualClock clock = new ManualClock();
  private final Map<String, ScriptedDevices> plugins = new TreeMap<>();
  private final Map<String, ScriptedDevices> replaced = new TreeMap<>();
  private final SortedSet<String> active = new TreeSet<>();
  private final MemoryStore store = new MemoryStore();
  private DeviceManager manager;
  private DeviceAllocator allocator;

  DeviceTable() {
    start();
  }

  private void start() {
    manager = new DeviceManager(store, clock, Duration.ofMinutes(5));
    allocator = new DeviceAllocator(manager, () -> active, new Random(7));
  }

  void step(String line) {
    String[] sides = line.split("->", 2);
    String[] words = sides[0].trim().split("\\s+");
    String actual = run(words, Arrays.asList(words).subList(1, words.length));
    if (sides.length == 2) {
      assertThat(actual).as(line).matches(pattern(sides[1].trim()));
    }
  }

  /** Expected text in which {@code a|b} and {@code (a|b)} stand for either device. */
  private static String pattern(String expected) {
    StringBuilder pattern = new StringBuilder();
    for (String word : expected.split(" ")) {
      String quoted = Pattern.quote(word);
      if (word.contains("|")) {
        quoted = word.replace("+", "\\+").replaceAll("^(\\w+:)(.*)$", "$1(?:$2)");
      }
      pattern.append(pattern.isEmpty() ? "" : " ").append(quoted);
    }
    return pattern.toString();
  }

  private String run(String[] words, List<String> rest) {
    String first = rest.isEmpty() ? "" : rest.get(0);
    ScriptedDevices plugin = plugins.get(first);
    List<String> more = rest.isEmpty() ? rest : rest.subList(1, rest.size());
    switch (words[0]) {
      case "devices" -> register(first, more);
      case "unhealthy" -> manager.devices(first, plugin, snapshot(first, more));
      case "prefer" -> plugin.preference = List.copyOf(more);
      case "refuse" -> refuse(plugin, more);
      case "accept" -> plugin.refuseAllocate = null;
      case "stopped" -> manager.stopped(first, plugin);
      case "stopped-old" -> manager.stopped(first, replaced.get(first));
      case "replaced" -> replace(first);
      case "ended" -> active.remove(first);
      case "restart" -> start();
      case "pass" -> clock.pass(Duration.ofSeconds(Long.parseLong(first)));
      case "pod", "running" -> {
        return admit(first, words[0].equals("running"), more);
      }
      case "calls" -> {
        return String.join(" ", plugins.values().iterator().next().calls);
      }
      case "must" -> {
        return String.join(" ", plugins.values().iterator().next().lastMustInclude);
      }
      case "counts" -> {
        return counts();
      }
      default -> throw new IllegalArgumentException("unknown step " + words[0]);
    }
    return "";
  }

  private void register(String resource, List<String> ids) {
    ScriptedDevices plugin = new ScriptedDevices(resource);
    plugins.put(resource, plugin);
    manager.registered(resource, plugin);
    manager.devices(resource, plugin, devices(ids, List.of()));
  }

  private void replace(String resource) {
    List<String> ids = List.copyOf(manager.healthy(resource).orElseThrow());
    replaced.put(resource, plugins.get(resource));
    register(resource, ids);
  }

  private static void refuse(ScriptedDevices plugin, List<String> words) {
    String why = String.join(" ", words.subList(1, words.size()));
    if (words.get(0).equals("allocate")) {
      plugin.refuseAllocate = why;
    } else {
      plugin.refusePreference = why;
    }
  }

  private List<Device> snapshot(String resource, List<String> unhealthy) {
    return devices(List.copyOf(manager.healthy(resource).orElseThrow()), unhealthy);
  }

  private static List<Device> devices(List<String> ids, List<String> unhealthy) {
    return ids.stream()
        .map(
            id ->
                Device.newBuilder()
                    .setID(id)
                    .setHealth(unhealthy.contains(id) ? "Unhealthy" : "Healthy")
                    .build())
        .toList();
  }

  private String admit(String uid, boolean running, List<String> words) {
    active.add(uid);
    List<ContainerNeed> containers = new ArrayList<>();
    for (String word : words) {
      String[] parts = word.split("[:=]");
      containers.add(
          new ContainerNeed(
              parts[0] + containers.size(),
              ContainerNeed.Kind.valueOf(parts[0].toUpperCase(Locale.ROOT)),
              Map.of(parts[1], Integer.valueOf(parts[2]))));
    }
    try {
      allocator.allocate(new PodNeed(uid, running, containers));
    } catch (AdmissionException e) {
      active.remove(uid);
      return e.getMessage()
          .replace("Allocate failed due to ", "")
          .replace(", which is unexpected", "");
    }
    List<String> outcome = new ArrayList<>();
    for (ContainerNeed container : containers) {
      for (DeviceGrant grant : manager.held(uid, container.name())) {
        String kind = container.kind().name().toLowerCase(Locale.ROOT);
        outcome.add(kind + ":" + String.join("+", grant.ids()));
      }
    }
    return outcome.isEmpty() ? "nothing" : String.join(" ", outcome);
  }

  private String counts() {
    DeviceCounts counts = manager.counts();
    List<String> words = new ArrayList<>();
    counts.capacity().forEach((r, n) -> words.add(r + "=" + n + "/" + counts.allocatable().get(r)));
    counts.removed().forEach(r -> words.add("removed " + r));
    return String.join(" ", words);
  }

  /** Devices that pods of one device each get, in turn, out of {@code n}. */
  List<String> chosen(int n) {
    register("x", java.util.stream.IntStream.range(0, n).mapToObj(i -> "d" + i).toList());
    return java.util.stream.IntStream.range(0, n)
        .mapToObj(i -> admit("p" + i, false, List.of("main:x=1")))
        .toList();
  }
}
