package dev.lamella.extender.explain;

import dev.lamella.core.explain.Counted;
import dev.lamella.core.explain.NodeAccount;
import dev.lamella.core.explain.NodeGroup;
import dev.lamella.core.explain.SliceAccount;
import dev.lamella.core.explain.SliceAccount.Obstacle;
import dev.lamella.core.explain.SlicePlace;
import java.util.List;
import java.util.stream.Collectors;

/** Nodes and their slices for people. */
final class GroupsText {

  private final Paragraphs text;

  GroupsText(Paragraphs text) {
    this.text = text;
  }

  void add(List<NodeGroup> groups) {
    groups.forEach(this::add);
  }

  private void add(NodeGroup group) {
    String offered =
        group.offered() == null || group.offered() == group.nodes()
            ? ""
            : ", " + group.offered() + " offered";
    String why = group.fits() ? "it fits" : "%s [%s]".formatted(group.reason(), group.rule());
    text.indented(0, Counted.of(group.nodes(), "node") + offered + ": " + why);
    group.shown().forEach(this::add);
    int left = group.nodes() - group.shown().size();
    if (left > 0) {
      text.indented(2, "and %s more: ?all shows them".formatted(Counted.of(left, "node")));
    }
  }

  private void add(NodeAccount node) {
    String offered = Boolean.FALSE.equals(node.offered()) ? " (not offered by kube-scheduler)" : "";
    text.indented(2, node.name() + offered + numbers(node.account()));
    node.slices().forEach(this::add);
    if (!node.slices().isEmpty() && !node.otherSlices().isEmpty()) {
      String others =
          node.otherSlices().entrySet().stream()
              .map(entry -> entry.getKey() + " x" + entry.getValue())
              .collect(Collectors.joining(", "));
      text.indented(4, "other slices: " + others);
    }
    node.notes().forEach(note -> text.indented(4, "note: " + note));
  }

  /** The account is the sentence, a colon, and the numbers; the sentence stands above already. */
  private static String numbers(String account) {
    int colon = account == null ? -1 : account.indexOf(": ");
    return colon < 0 ? "" : account.substring(colon);
  }

  private void add(SliceAccount slice) {
    SlicePlace place = slice.slice();
    String holders = slice.holders().stream().map(HolderText::of).collect(Collectors.joining("; "));
    text.indented(
        4,
        "GPU %d %s@%d: %s%s"
            .formatted(
                place.gpuIndex(),
                place.profile(),
                place.start(),
                state(slice),
                holders.isEmpty() ? "" : ": " + holders));
  }

  private static String state(SliceAccount slice) {
    boolean shared = slice.mode().equals("Shared");
    String used =
        shared ? "shared %d/%d".formatted(slice.sharesUsed(), slice.slice().sharesTotal()) : "";
    Obstacle obstacle = slice.obstacle();
    if (obstacle == Obstacle.HELD_IN_SHARES || obstacle == Obstacle.NO_SHARE_LEFT) {
      return used;
    }
    return shared ? used + ", " + obstacle.sentence() : obstacle.sentence();
  }
}
