/** What somebody probably meant, for messages about unknown keys. */
package dev.lamella.core.spelling;
