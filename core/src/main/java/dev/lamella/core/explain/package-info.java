/**
 * What placement considered and how the cluster stands, as values for people and programs: why a
 * pod waits, whether one would fit, who holds which slice. Components are named as the JSON fields
 * are; what is absent there is null here.
 *
 * <p>Nothing here decides: it asks those who do, and repeats no rule of theirs. Pods that the
 * {@link dev.lamella.core.explain.Viewer} may not see stand as their tenant alone.
 *
 * <p>Entry points: {@link dev.lamella.core.explain.Explainer}, {@link
 * dev.lamella.core.explain.WhatIf} and {@link dev.lamella.core.explain.ClusterStates}.
 */
package dev.lamella.core.explain;
