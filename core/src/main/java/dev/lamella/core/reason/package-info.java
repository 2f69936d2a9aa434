/** Why a pod was not given a slice, as a value. */
package dev.lamella.core.reason;
