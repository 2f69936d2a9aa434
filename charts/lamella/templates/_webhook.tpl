{{- define "lamella.webhookConfiguration" -}}
{{ include "lamella.name" . }}-webhook
{{- end -}}

{{/* By what name pods ask for the bundled scheduler. */}}
{{- define "lamella.schedulerName" -}}
{{ include "lamella.scheduler" . }}
{{- end -}}

{{/*
Whether the verbs are open to the bundled scheduler alone, by the certificate that is made for it.
The cluster's own scheduler must be given one by hand first.
*/}}
{{- define "lamella.mutualTls" -}}
{{- if and .Values.scheduler.enabled (eq .Values.schedulerExtender.tls.mode "selfManaged") }}true{{ end }}
{{- end -}}

{{/*
Whether explanations and pages are for those alone who show a token: by default, but not over plain
HTTP, where everybody on the way would read it.
*/}}
{{- define "lamella.readersByToken" -}}
{{- $usual := ternary "anyone" "token" (eq .Values.schedulerExtender.tls.mode "none") }}
{{- $access := .Values.schedulerExtender.config.access | default dict }}
{{- if eq (toString ($access.readers | default $usual)) "token" }}true{{ end }}
{{- end -}}

{{/* The extender's keys "webhook" and "access". */}}
{{- define "lamella.webhookConfig" -}}
{{- $webhook := dict "nodeAffinity" .Values.webhook.nodeAffinity "tolerations" .Values.webhook.tolerations }}
{{- if .Values.scheduler.enabled }}
{{- $_ := set $webhook "schedulerName" (include "lamella.schedulerName" .) }}
{{- end }}
{{- $access := dict }}
{{- if include "lamella.mutualTls" . }}
{{- $_ := set $access "verbs" "clientCertificate" }}
{{- $_ := set $access "clientNames" (list "kube-scheduler") }}
{{- end }}
{{- if include "lamella.readersByToken" . }}
{{- $_ := set $access "readers" "token" }}
{{- end }}
{{- toYaml (dict "webhook" $webhook "access" $access) }}
{{- end -}}

{{/* The extender's key "certificates", for those that it makes itself. */}}
{{- define "lamella.certificatesConfig" -}}
secret: {{ include "lamella.extenderSecret" . }}
namespace: {{ .Release.Namespace }}
dnsNames:
{{- include "lamella.extenderDnsNames" . }}
{{- if .Values.webhook.enabled }}
webhookConfiguration: {{ include "lamella.webhookConfiguration" . }}
{{- end }}
{{- end -}}

{{/*
CEL: whether a pod asks for slices, where kube-scheduler looks for it. By the beginning of the name
rather than from the list: what a board offers that the list does not know is covered, too.
*/}}
{{- define "lamella.asksForSlices" -}}
{{- $managed := "(k == 'nvidia.com/gpu' || k == 'nvidia.com/gpu.shared' || k.startsWith('nvidia.com/mig-'))" -}}
((has(object.spec.containers) ? object.spec.containers : []) +
(has(object.spec.initContainers) ? object.spec.initContainers : [])).exists(c, has(c.resources) &&
((has(c.resources.limits) && c.resources.limits.exists(k, {{ $managed }})) ||
(has(c.resources.requests) && c.resources.requests.exists(k, {{ $managed }}))))
{{- end -}}

{{/* A namespaceSelector that leaves some out: (list NAME ...). */}}
{{- define "lamella.allNamespacesBut" -}}
{{- if . }}
namespaceSelector:
  matchExpressions:
  - key: kubernetes.io/metadata.name
    operator: NotIn
    values: {{ . | uniq | toJson }}
{{- end }}
{{- end -}}

{{/* What the values' schema cannot say of the webhook. */}}
{{- define "lamella.validateWebhook" -}}
{{- $tls := .Values.schedulerExtender.tls }}
{{- if and .Values.scheduler.enabled (not .Values.webhook.enabled) }}
{{- fail "webhook.enabled is false with scheduler.enabled: nobody would send pods to the bundled scheduler; enable the webhook, or disable the scheduler" }}
{{- end }}
{{- if and .Values.webhook.enabled (eq $tls.mode "none") }}
{{- fail "webhook.enabled with schedulerExtender.tls.mode none: the API server calls webhooks by HTTPS only; choose another mode, or disable the webhook" }}
{{- end }}
{{- if and .Values.webhook.enabled (eq $tls.mode "secret") (not .Values.webhook.caBundle) }}
{{- fail "webhook.caBundle is empty with schedulerExtender.tls.mode secret: give the PEM of who signed the certificate" }}
{{- end }}
{{- end -}}
