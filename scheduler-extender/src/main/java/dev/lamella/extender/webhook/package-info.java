/**
 * The mutating webhook: pods that ask for slices are brought into shape at admission, or refused.
 *
 * <p>Entry point: {@link dev.lamella.extender.webhook.MutateEndpoint}.
 */
package dev.lamella.extender.webhook;
