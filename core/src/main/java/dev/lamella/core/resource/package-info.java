/** The names under which slices appear to Kubernetes: extended resources and device ids. */
package dev.lamella.core.resource;
