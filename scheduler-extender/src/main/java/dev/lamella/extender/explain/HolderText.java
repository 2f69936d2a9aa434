package dev.lamella.extender.explain;

import dev.lamella.core.explain.Holder;
import java.util.ArrayList;
import java.util.List;

/** A holder for people. */
final class HolderText {

  private HolderText() {}

  static String of(Holder holder) {
    List<String> notes = new ArrayList<>();
    if (holder.name() != null && !holder.tenant().equals(holder.namespace())) {
      notes.add("tenant " + holder.tenant());
    }
    if (holder.shares() > 0) {
      notes.add(holder.shares() == 1 ? "1 share" : holder.shares() + " shares");
    }
    if (holder.reserved()) {
      notes.add("kept for it");
    }
    if (holder.leaving()) {
      notes.add("leaving");
    }
    if (holder.reclaim() != null && !holder.leaving()) {
      notes.add(holder.reclaim());
    }
    String who =
        holder.name() == null
            ? "a pod of tenant " + holder.tenant()
            : holder.namespace() + "/" + holder.name();
    return notes.isEmpty() ? who : who + " (" + String.join(", ", notes) + ")";
  }
}
