/** Flags and the configuration file. */
package dev.lamella.extender.config;
