package dev.lamella.simulator.trace.slices;

import java.util.Arrays;

/** Instances that stand, by the time at which they go: a binary heap over three arrays. */
final class Departures {

  private double[] times = new double[256];
  private int[] gpus = new int[256];
  private int[] profilesAndSpans = new int[256];
  private int size;

  boolean isDueBy(double time) {
    return size > 0 && times[0] <= time;
  }

  int gpu() {
    return gpus[0];
  }

  int profile() {
    return profilesAndSpans[0] >> 8;
  }

  int span() {
    return profilesAndSpans[0] & 0xff;
  }

  void add(double time, int gpu, int profile, int span) {
    if (size == times.length) {
      times = Arrays.copyOf(times, 2 * size);
      gpus = Arrays.copyOf(gpus, 2 * size);
      profilesAndSpans = Arrays.copyOf(profilesAndSpans, 2 * size);
    }
    int hole = size++;
    for (int parent = (hole - 1) / 2; hole > 0 && times[parent] > time; parent = (hole - 1) / 2) {
      move(parent, hole);
      hole = parent;
    }
    set(hole, time, gpu, profile << 8 | span);
  }

  void removeFirst() {
    int last = --size;
    double time = times[last];
    int hole = 0;
    for (int child = 1; child < size; child = 2 * hole + 1) {
      if (child + 1 < size && times[child + 1] < times[child]) {
        child++;
      }
      if (times[child] >= time) {
        break;
      }
      move(child, hole);
      hole = child;
    }
    set(hole, time, gpus[last], profilesAndSpans[last]);
  }

  private void move(int from, int to) {
    set(to, times[from], gpus[from], profilesAndSpans[from]);
  }

  private void set(int at, double time, int gpu, int profileAndSpan) {
    times[at] = time;
    gpus[at] = gpu;
    profilesAndSpans[at] = profileAndSpan;
  }
}
