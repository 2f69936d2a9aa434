/**
 * The live map in a real browser. Needs Debian's chromium and the programs' class path, nothing
 * else: the browser is spoken to over its own DevTools protocol, by the JDK's WebSocket.
 */
package dev.lamella.e2e.browser;
