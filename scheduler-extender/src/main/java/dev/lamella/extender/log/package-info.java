/** Log lines that stay one line each, whatever strings of others stand in them. */
package dev.lamella.extender.log;
