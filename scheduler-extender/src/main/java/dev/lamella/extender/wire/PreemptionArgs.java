package dev.lamella.extender.wire;

import dev.lamella.extender.kube.PodJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What preempt is asked: a pod, and for each node the pods that would go. They come as whole pods
 * or, where the extender keeps nodes by itself ({@code nodeCacheCapable}), as UIDs.
 *
 * @param victims by node
 */
public record PreemptionArgs(PodJson pod, SortedMap<String, Victims> victims) {

  private static final int MOST_VICTIMS = 200_000;
  private static final int LONGEST_UID = 256;

  /** The fields as they are met. */
  private static final class Met {
    private PodJson pod;
    private SortedMap<String, Victims> whole;
    private SortedMap<String, Victims> meta;
    private int count;
    private String uid;
    private long violations;
  }

  /**
   * Reads a request.
   *
   * @throws IllegalArgumentException naming what is missing or wrong
   * @throws com.fasterxml.jackson.core.JsonProcessingException if it is no JSON
   */
  public static PreemptionArgs read(WireJson json, Body body) throws IOException {
    Met met = new Met();
    Fields.read(json, body, fields -> name -> take(name, fields, met));
    if (met.pod == null) {
      throw new IllegalArgumentException("Pod is needed");
    }
    if (met.meta == null && met.whole == null) {
      throw new IllegalArgumentException("NodeNameToVictims or NodeNameToMetaVictims is needed");
    }
    return new PreemptionArgs(met.pod, met.meta != null ? met.meta : met.whole);
  }

  private static void take(String name, Fields fields, Met met) throws IOException {
    if (name.equalsIgnoreCase("Pod")) {
      met.pod = fields.pod("Pod");
    } else if (name.equalsIgnoreCase("NodeNameToVictims")) {
      met.whole = fields.isNull() ? null : byNode(name, false, fields, met);
    } else if (name.equalsIgnoreCase("NodeNameToMetaVictims")) {
      met.meta = fields.isNull() ? null : byNode(name, true, fields, met);
    } else {
      fields.skip();
    }
  }

  private static SortedMap<String, Victims> byNode(String map, boolean meta, Fields fields, Met met)
      throws IOException {
    SortedMap<String, Victims> byNode = new TreeMap<>();
    fields.each(
        map,
        node -> {
          ExtenderArgs.checkCount(byNode.size());
          byNode.put(node, fields.isNull() ? Victims.NONE : victims(map, meta, fields, met));
        });
    return byNode;
  }

  private static Victims victims(String map, boolean meta, Fields fields, Met met)
      throws IOException {
    List<String> uids = new ArrayList<>();
    met.violations = 0;
    fields.each(
        map + " of a node",
        name -> {
          if (name.equalsIgnoreCase("Pods")) {
            fields.eachOf(map + ".Pods", index -> uids.add(uid(map, meta, fields, met)));
          } else if (name.equalsIgnoreCase("NumPDBViolations")) {
            met.violations = fields.integer(map + ".NumPDBViolations");
          } else {
            fields.skip();
          }
        });
    return new Victims(uids, met.violations);
  }

  private static String uid(String map, boolean meta, Fields fields, Met met) throws IOException {
    if (++met.count > MOST_VICTIMS) {
      throw new IllegalArgumentException("there are more than " + MOST_VICTIMS + " victims");
    }
    met.uid = "";
    String what = map + ".Pods[]";
    fields.each(
        what,
        name -> {
          if (meta && name.equalsIgnoreCase("UID")) {
            met.uid = fields.string(what + ".UID", LONGEST_UID);
          } else if (!meta && name.equals("metadata") && !fields.isNull()) {
            fields.each(what + ".metadata", inner -> metadata(what, inner, fields, met));
          } else {
            fields.skip();
          }
        });
    if (met.uid.isEmpty()) {
      throw new IllegalArgumentException(what + (meta ? ".UID" : ".metadata.uid") + " is needed");
    }
    return met.uid;
  }

  private static void metadata(String what, String field, Fields fields, Met met)
      throws IOException {
    if (field.equals("uid")) {
      met.uid = fields.string(what + ".metadata.uid", LONGEST_UID);
    } else {
      fields.skip();
    }
  }
}
