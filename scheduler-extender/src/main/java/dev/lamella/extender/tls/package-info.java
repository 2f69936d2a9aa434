/** What the server shows to its clients, and whom it believes. */
package dev.lamella.extender.tls;
