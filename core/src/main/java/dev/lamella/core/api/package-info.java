/**
 * The shapes that the two programs exchange through the API server. Record components are named as
 * the JSON fields are; a list that is absent there is empty here.
 */
package dev.lamella.core.api;
