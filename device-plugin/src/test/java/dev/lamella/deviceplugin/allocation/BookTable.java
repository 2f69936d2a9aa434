package dev.lamella.deviceplugin.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.geometry.Placement;
import dev.lamella.core.inventory.Gpu;
import dev.lamella.core.inventory.Health;
import dev.lamella.core.inventory.Slice;
import dev.lamella.core.resource.DeviceId;
import dev.lamella.core.resource.ResourceName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * Runs tables over a book and a model of the kubelet: slices a to e of 1g.5gb on one GPU, of which
 * e is unhealthy, four shares each. One step a line, what it answers after the bar:
 *
 * <pre>
 * bound P 10 whole a b, share c*2   the watch shows pod P, bound at 10, with this assignment
 * admit P share 2 [with c::0]       the kubelet asks and takes; "guess" if no assignment matched
 * take P share c::0                 the kubelet takes without asking
 * end P                             its containers have ended in the kubelet
 * gone P                            the watch says so
 * read [before P]                   pod-resources are read [P's devices are not noted there yet]
 * read none                         the same from a kubelet that has not got its pods yet
 * later 6                           seconds pass
 * holds                             who holds what, ? if not confirmed
 * </pre>
 */
final class BookTable {

  private static final ResourceName WHOLE = ResourceName.whole("1g.5gb");
  private static final ResourceName SHARE = ResourceName.shared("1g.5gb");
  private static final Patience NONE =
      new Patience(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(5), Duration.ofSeconds(1));

  private final AtomicLong clock = new AtomicLong(1);
  private final AllocationBook book = new AllocationBook(NONE, clock::get);
  private final Catalogue catalogue = catalogue();
  private final Map<DeviceId, String> kubelet = new TreeMap<>(catalogue.byDevice());

  private BookTable() {
    book.offer(catalogue);
  }

  static Catalogue catalogue() {
    Map<String, String> kinds = new TreeMap<>();
    List<Slice> slices = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      String uuid = Character.toString('a' + i);
      Health health = uuid.equals("e") ? Health.UNHEALTHY : Health.HEALTHY;
      kinds.put(uuid, "1g.5gb");
      slices.add(new Slice(uuid, "1g.5gb", 1, 4864, new Placement(i, 1), health));
    }
    return Catalogue.of(
        List.of(new Gpu("GPU-0", "A100-SXM4-40GB", true, OptionalInt.empty(), slices)),
        new Catalogue.Terms(kinds, profile -> 4, false, Set.of()));
  }

  /** Runs every step and compares every answer. */
  static void run(String table) throws InterruptedException {
    BookTable run = new BookTable();
    StringBuilder seen = new StringBuilder();
    for (String row : table.lines().toList()) {
      String[] parts = row.split("\\|", 2);
      String answer = run.step(parts[0].trim());
      seen.append(parts.length == 1 ? row : (parts[0] + "| " + answer).stripTrailing())
          .append('\n');
      run.clock.addAndGet(1_000_000);
    }
    assertThat(seen.toString()).isEqualTo(table);
  }

  private String step(String step) throws InterruptedException {
    String[] words = step.split("\\s+");
    switch (words[0]) {
      case "bound" -> book.seen(pod(words[1], step));
      case "gone" -> book.gone("uid-" + words[1]);
      case "end" -> kubelet.values().removeIf(words[1]::equals);
      case "read" -> book.reconcile(reading(words));
      case "later" -> clock.addAndGet(Duration.ofSeconds(Long.parseLong(words[1])).toNanos());
      case "holds" -> {
        return holds();
      }
      case "admit" -> {
        return admit(words);
      }
      case "take" -> {
        return take(words[1], resource(words[2]), List.of(words).subList(3, words.length));
      }
      default -> throw new IllegalArgumentException(step);
    }
    return "";
  }

  private static ResourceName resource(String word) {
    return word.equals("whole") ? WHOLE : SHARE;
  }

  private static KnownPod pod(String name, String step) {
    String[] words = step.split("\\s+", 4);
    List<Held> held = new ArrayList<>();
    for (String part : words.length < 4 ? new String[0] : words[3].split(",\\s*")) {
      List<String> slices = List.of(part.split("\\s+"));
      ResourceName resource = resource(slices.get(0));
      for (String slice : slices.subList(1, slices.size())) {
        String[] count = slice.split("\\*");
        held.add(
            resource.shared()
                ? Held.shares(resource, count[0], Integer.parseInt(count[1]))
                : Held.whole(resource, List.of(slice)));
      }
    }
    Assignment assignment = new Assignment(Long.parseLong(words[2]), held);
    return new KnownPod("uid-" + name, podName(name), Optional.of(assignment));
  }

  private static PodName podName(String name) {
    return new PodName("team", name.replaceAll("'", ""));
  }

  private Reading reading(String[] words) {
    List<Reading.Held> devices = new ArrayList<>();
    if (words.length == 2) {
      return new Reading(devices, clock.get(), "1");
    }
    String leftOut = words.length > 2 ? words[2] : "";
    kubelet.forEach(
        (device, pod) -> {
          if (!pod.equals(leftOut)) {
            ResourceName resource = device.share().isPresent() ? SHARE : WHOLE;
            devices.add(new Reading.Held(resource, device, podName(pod)));
          }
        });
    return new Reading(devices, clock.get(), "1");
  }

  private String admit(String[] words) throws InterruptedException {
    ResourceName resource = resource(words[2]);
    int size = Integer.parseInt(words[3]);
    List<DeviceId> included = new ArrayList<>();
    for (int i = 5; i < words.length; i++) {
      included.add(DeviceId.parse(words[i]));
    }
    List<DeviceId> available =
        catalogue.devices(resource).stream()
            .filter(device -> device.health() == Health.HEALTHY)
            .map(Catalogue.Device::id)
            .filter(id -> !kubelet.containsKey(id) || included.contains(id))
            .toList();
    Choice choice = book.prefer(new Ask(resource, available, included, size));
    List<String> ids = choice.devices().stream().map(DeviceId::text).toList();
    String taken = take(words[1], resource, ids);
    return choice.basis() == Choice.Basis.FALLBACK ? ("guess " + taken).trim() : taken;
  }

  private String take(String pod, ResourceName resource, List<String> ids)
      throws InterruptedException {
    Verdict verdict = book.allocate(resource, ids);
    if (verdict instanceof Verdict.Refused refused) {
      return refused.reason().toString();
    }
    ids.forEach(id -> kubelet.put(DeviceId.parse(id), pod));
    return String.join(" ", ids);
  }

  private String holds() {
    return book.holds().stream()
        .map(
            hold ->
                hold.device()
                    + "="
                    + hold.uid().map(uid -> uid.substring(4)).orElse("-")
                    + (hold.confirmed() ? "" : "?"))
        .collect(Collectors.joining(" "));
  }
}
