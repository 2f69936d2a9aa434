/** The service: kube-scheduler's verbs, health, metrics and explanations over HTTP. */
package dev.lamella.extender.http;
