/**
 * The images as they are shipped: {@link dev.lamella.images.Image} unpacks a tarball and runs what
 * is in it, in its own root and as its own user.
 */
package dev.lamella.images;
