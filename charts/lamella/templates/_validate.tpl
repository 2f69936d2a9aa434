{{/* What a schema cannot say: keys that contradict each other. */}}
{{- define "lamella.validate" -}}
{{- $plugin := .Values.devicePlugin }}
{{- $extender := .Values.schedulerExtender }}
{{- if and (gt (int $extender.replicas) 1) (not $extender.leaderElection.enabled) }}
{{- fail "schedulerExtender.replicas is more than 1 with leaderElection.enabled false: two would decide at once; switch it on, or set replicas to 1" }}
{{- end }}
{{- if and (not $extender.enabled) .Values.webhook.enabled (not .Values.webhook.url) }}
{{- fail "schedulerExtender.enabled is false with webhook.enabled: pods that ask for slices would be refused, since nobody answers; give webhook.url, or disable the webhook" }}
{{- end }}
{{- if and (not $extender.enabled) .Values.scheduler.enabled }}
{{- fail "scheduler.enabled with schedulerExtender.enabled false: the bundled scheduler calls an extender that is not there; disable it" }}
{{- end }}
{{- if and (eq $extender.tls.mode "secret") (not $extender.tls.secretName) }}
{{- fail "schedulerExtender.tls.secretName is empty with tls.mode secret: name the Secret that has tls.crt, tls.key and ca.crt" }}
{{- end }}
{{- if and (eq $plugin.driver.from "simulated") (not $plugin.driver.layout.nodes) }}
{{- fail "devicePlugin.driver.layout has no nodes with driver.from simulated: give nodes, each with name and gpus" }}
{{- end }}
{{- if eq $plugin.driver.from "host" }}
{{- $mount := default $plugin.driver.hostPath $plugin.driver.mountPath }}
{{- if eq $mount "/" }}
{{- fail "devicePlugin.driver.mountPath is / in the container: with hostPath / name another, such as /host" }}
{{- end }}
{{- if and (include "lamella.usesCdi" .) (ne $mount $plugin.driver.hostPath) }}
{{- fail (printf "devicePlugin.driver.mountPath is %s and hostPath is %s: with a cdi strategy they must be the same, since the CDI spec names the host's paths" $mount $plugin.driver.hostPath) }}
{{- end }}
{{- end }}
{{- end -}}
