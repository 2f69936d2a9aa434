/**
 * What the core knows of a pod: who it is and which devices its containers ask for.
 *
 * <p>Entry points: {@link dev.lamella.core.pod.PodRef} and {@link dev.lamella.core.pod.PodNeeds}.
 */
package dev.lamella.core.pod;
